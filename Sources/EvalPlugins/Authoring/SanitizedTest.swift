// `plugin test --sanitize`: the golden rows, scored by a library that the sanitizers of addresses and of undefined
// behaviour look into.
//
// The library is a second one, in `.build/sanitized`. It runs in an ordinary worker, which a script starts with the
// sanitizers' runtime loaded before all else. The sandbox is off: shadow memory is larger than every limit, and reports
// are written to a file. A row that ends the worker fails with the report of its process; leaks are looked for when the
// instances have been destroyed.

public import EvalCore
internal import Foundation

extension PluginProject {
    /// Builds the library with sanitizers, beside the released one, and scores the golden rows with it.
    ///
    /// - Parameters:
    ///   - sdk: Copied to `Vendor/EvalHostSDK` if that isn't there.
    ///   - options: Deadlines, and where the worker is; the sandbox is always off.
    ///   - says: Is given what the compiler printed.
    /// - Returns: What came of the rows, with the sanitizers' reports.
    /// - Throws: Why that can't be done here, or what is wrong with a line.
    public func testSanitized(
        sdk: PluginSDK,
        options: PluginOptions,
        says: (String) -> Void = { _ in }
    ) async throws(Diagnostic) -> PluginTestOutcome {
        let rows = try goldenRows()
        let bench = try await makeBench(sdk: sdk, says: says)
        try bench.writeWorker(try WorkerLocator.find(options.worker), runtimes: try await sanitizerRuntimes())
        let words = ["cc", "-O1", "-fPIC", "-shared", SanitizedBench.source, "-o", SanitizedBench.shim]
        try await Command(words: words, folder: bench.folder).run(says: says)
        var options = options
        options.sandbox = .off
        options.isolation = .process
        options.instances = 1
        options.cacheFolder = nil
        options.lock = nil
        options.worker = bench.worker
        var outcome = PluginTestOutcome()
        var runner: GoldenRowRunner
        do throws(Diagnostic) {
            runner = try await GoldenRowRunner(folder: bench.folder, options: options)
        } catch {
            if let report = bench.takeReport() { says(report) }
            throw error
        }
        for row in rows {
            do throws(Diagnostic) {
                var result = try await runner.run(row, in: self)
                result.report = bench.takeReport()
                if result.report != nil { result.failure = result.failure ?? "the sanitizers found something" }
                outcome.cases.append(result)
            } catch {
                // What ends the worker in create is no row's answer; its report says more than that it ended.
                guard let report = bench.takeReport() else { throw error }
                let failed = PluginCase(
                    file: row.file,
                    line: row.line,
                    scorer: name,
                    failure: error.message,
                    report: report
                )
                outcome.cases.append(failed)
            }
        }
        await runner.catalog.endWorkers()
        if let report = bench.takeReport() {
            let isImpossible = report.contains("LeakSanitizer has encountered a fatal error")
            if isImpossible {
                outcome.note = "leaks can't be looked for here: this process may not trace others"
            } else {
                outcome.leaks = report
            }
        }
        return outcome
    }

    /// Builds the library with sanitizers, to `.build/sanitized`.
    ///
    /// - Parameters:
    ///   - sdk: Copied to `Vendor/EvalHostSDK` if that isn't there.
    ///   - says: Is given what the compiler printed.
    /// - Returns: The library.
    /// - Throws: Why it can't be built.
    public func buildSanitized(
        sdk: PluginSDK,
        says: (String) -> Void = { _ in }
    ) async throws(Diagnostic) -> String {
        "\(try await makeBench(sdk: sdk, says: says).folder)/\(name).so"
    }

    private func makeBench(sdk: PluginSDK, says: (String) -> Void) async throws(Diagnostic) -> SanitizedBench {
        guard let language else { throw foreign }
        guard language != .swift else {
            throw Diagnostic(
                "`--sanitize` is for plugins in C and C++",
                at: .init(file: folder),
                help: "Swift's runtime is linked into the library, and its sanitizers need it outside."
            )
        }
        try sdk.vendor(into: folder)
        let libraries = try linkedLibraries()
        let bench = SanitizedBench(folder: "\(folder)/.build/sanitized")
        try bench.prepare(beside: folder, except: "\(name).so")
        try await compile(.sanitizing, libraries, to: "\(bench.folder)/\(name).so", says)
        return bench
    }

    /// The runtimes that have to be loaded first: the compiler's own, and the C++ library, in which one of them looks for
    /// what throws.
    private func sanitizerRuntimes() async throws(Diagnostic) -> [String] {
        var found: [String] = []
        for name in ["libasan.so", "libubsan.so", "libstdc++.so.6"] {
            let words = [compiler, "-print-file-name=\(name)"]
            let outcome = try await Command(words: words, folder: folder).outcome()
            let path = outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
            // A compiler that doesn't have it answers the name alone.
            if path.hasPrefix("/"), access(path, R_OK) == 0 { found.append(path) }
        }
        guard found.contains(where: { $0.hasSuffix("libasan.so") }) else {
            throw Diagnostic(
                "`\(compiler)` has no AddressSanitizer as a library",
                category: .unavailable,
                at: .init(file: folder),
                help:
                    "Install that of GCC: `apt install build-essential` on Debian and Ubuntu, `dnf install libasan libubsan`"
                    + " on Fedora."
            )
        }
        return found
    }
}

/// The folder in which a sanitized library is run.
struct SanitizedBench: Sendable {
    let folder: String
    /// What starts the worker.
    var worker: String { "\(folder)/worker" }
    private var report: String { "\(folder)/report" }

    static let source = "worker.c"
    /// Not named `.so`, so that nobody takes it for a plugin.
    static let shim = "worker.preload"

    /// What a worker does otherwise under sanitizers: it takes no limits, since shadow memory exceeds every one, and
    /// looks for leaks when it ends in peace.
    private static let shimSource = """
        #define _GNU_SOURCE
        #include <sys/resource.h>
        #include <sys/syscall.h>
        #include <unistd.h>

        int __lsan_do_recoverable_leak_check(void);

        int setrlimit(__rlimit_resource_t resource, const struct rlimit *limit) {
            (void)resource, (void)limit;
            return 0;
        }

        void _exit(int status) {
            if (status == 0 && __lsan_do_recoverable_leak_check()) status = 23;
            for (;;) syscall(SYS_exit_group, status);
        }
        """

    /// Makes the folder anew, with what lies beside the plugin: its assets, and libraries that it needs.
    func prepare(beside plugin: String, except own: String) throws(Diagnostic) {
        let manager = FileManager.default
        do {
            try? manager.removeItem(atPath: folder)
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in try manager.contentsOfDirectory(atPath: plugin)
            where name != own && !name.hasPrefix(".") && Self.belongs(name) {
                try manager.copyItem(atPath: "\(plugin)/\(name)", toPath: "\(folder)/\(name)")
            }
            try Self.shimSource.write(toFile: "\(folder)/\(Self.source)", atomically: true, encoding: .utf8)
        } catch {
            throw Diagnostic("the build folder can't be made: \(error.localizedDescription)", at: .init(file: folder))
        }
    }

    /// The file with what isn't to be reported as a leak, in LeakSanitizer's own words: `leak:libpython`.
    private static let suppressions = "lsan.supp"

    private static func belongs(_ name: String) -> Bool {
        ["assets", suppressions].contains(name) || name.hasSuffix(".so") || name.contains(".so.")
    }

    /// Writes the script that starts the worker.
    ///
    /// It changes to this folder, since the names that the runtime takes from the environment can't hold every path.
    func writeWorker(_ executable: String, runtimes: [String]) throws(Diagnostic) {
        let preloaded = (runtimes + ["./\(Self.shim)"]).joined(separator: ":")
        let path = executable.hasPrefix("/") ? executable : FileManager.default.currentDirectoryPath + "/" + executable
        let hasSuppressions = FileManager.default.fileExists(atPath: "\(folder)/\(Self.suppressions)")
        let leaks = hasSuppressions ? "suppressions=\(Self.suppressions):print_suppressions=0" : "print_suppressions=0"
        let script = """
            #!/bin/sh
            cd \(Self.quoted(folder)) || exit 1
            export ASAN_OPTIONS=handle_segv=2:handle_sigbus=2:handle_sigill=2:handle_sigfpe=2:detect_leaks=1
            export UBSAN_OPTIONS=print_stacktrace=1 LSAN_OPTIONS=\(leaks) LD_PRELOAD=\(Self.quoted(preloaded))
            exec \(Self.quoted(path)) "$@" 2>> report

            """
        do {
            try script.write(toFile: worker, atomically: true, encoding: .utf8)
        } catch {
            throw Diagnostic(
                "the build folder can't be written: \(error.localizedDescription)",
                at: .init(file: worker)
            )
        }
        chmod(worker, 0o755)
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// Whether a line of a report is about the worker: its frames, and how its threads begin.
    private static func isOurs(_ line: Substring) -> Bool {
        line.contains("evalhost-worker") || line.contains(" in start_thread ") || line.contains(" in clone")
            || line.contains("interceptor_pthread_create") || (line.hasPrefix("Thread T") && line.hasSuffix("here:"))
    }

    /// What the worker's standard error got since the last time, without the parts that only help a sanitizer's author.
    func takeReport() -> String? {
        defer { truncate(report, 0) }
        guard let data = FileManager.default.contents(atPath: report), !data.isEmpty else { return nil }
        var lines: [Substring] = []
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("Shadow bytes around") { break }
            if line.allSatisfy({ $0 == "=" }) || Self.isOurs(line) { continue }
            lines.append(line)
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
