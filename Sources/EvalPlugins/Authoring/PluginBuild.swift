// `plugin build`: compiles a folder to a library, checks that, and renames it into place.

public import EvalCore
internal import Foundation

extension PluginProject {
    /// Builds the library.
    ///
    /// It is written beside its place and renamed: one that is in use is never overwritten.
    ///
    /// - Parameter sdk: Copied to `Vendor/EvalHostSDK` if that isn't there.
    /// - Returns: What the compiler said, warnings for instance; mostly nothing.
    /// - Throws: What the compiler said, or what is wrong with the library that it made.
    public func build(sdk: PluginSDK) async throws(Diagnostic) -> String {
        try sdk.vendor(into: folder)
        let fresh = "\(folder)/.\(name).so.\(ProcessInfo.processInfo.processIdentifier)"
        defer { unlink(fresh) }
        let log =
            switch language {
            case .c: try await compile("cc", ["-std=c99"], suffix: ".c", to: fresh)
            case .cpp: try await compile("c++", ["-std=c++11"], suffix: ".cpp", to: fresh)
            case .swift: try await buildPackage(to: fresh)
            }
        let checked: CheckedLibrary
        do throws(Diagnostic) {
            checked = try OpenedFile(path: fresh).checked()
        } catch {
            var copy = error
            copy.location.file = library
            throw copy
        }
        if let runtime = checked.needed.first(where: { $0.hasPrefix("libswift") }) {
            throw Diagnostic(
                "the library needs \(runtime), which is not there without a Swift toolchain",
                at: .init(file: library),
                help: "Let only static products of Swift go into it (-static-stdlib)."
            )
        }
        guard rename(fresh, library) == 0 else {
            throw Diagnostic(
                "it can't be renamed into place: \(String(cString: strerror(errno)))",
                at: .init(file: library)
            )
        }
        return log
    }

    private func compile(
        _ compiler: String,
        _ standard: [String],
        suffix: String,
        to output: String
    ) async throws(Diagnostic) -> String {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let sources = names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
        let options = [
            "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-Wall", "-Wextra", "-Wpedantic", "-Wno-unused-parameter",
            "-IVendor/EvalHostSDK/CEvalHost/include",
        ]
        return try await run([compiler] + standard + options + sources + ["-o", output, "-lm"])
    }

    private func buildPackage(to output: String) async throws(Diagnostic) -> String {
        let exports = "\(folder)/.build/evalhost.exports"
        do {
            try FileManager.default.createDirectory(atPath: "\(folder)/.build", withIntermediateDirectories: true)
            let script = "{ global: evalhost_plugin_entry; local: *; };\n"
            try script.write(toFile: exports, atomically: true, encoding: .utf8)
        } catch {
            throw Diagnostic("the build folder can't be made: \(error.localizedDescription)", at: .init(file: folder))
        }
        let log = try await run([
            "swift", "build", "-c", "release", "--product", name, "--disable-automatic-resolution",
            "-Xswiftc", "-static-stdlib", "-Xswiftc", "-use-ld=lld",
            "-Xlinker", "--version-script=\(exports)", "-Xlinker", "-S",
        ])
        let built = "\(folder)/.build/release/lib\(name).so"
        do {
            try FileManager.default.copyItem(atPath: built, toPath: output)
        } catch {
            throw Diagnostic(
                "the package has no dynamic library named \(name)",
                at: .init(file: "\(folder)/Package.swift"),
                help: "Its product must be `.library(name: \"\(name)\", type: .dynamic, …)`."
            )
        }
        return log
    }

    /// Runs a command in the folder.
    ///
    /// - Returns: What it printed.
    private func run(_ command: [String]) async throws(Diagnostic) -> String {
        let output = FileManager.default.temporaryDirectory.path + "/evalhost-build-\(UUID().uuidString).log"
        defer { unlink(output) }
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let log = FileHandle(forWritingAtPath: output)
        else { throw Diagnostic("no file can be made for the compiler's output", at: .init(file: output)) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = log
        process.standardError = log
        let status: Int32? = await withCheckedContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(returning: nil)
            }
        }
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        switch status {
        case 0: return text
        case 127, nil:
            throw Diagnostic("`\(command[0])` isn't installed", category: .unavailable, at: .init(file: folder))
        default:
            let lines = text.split(separator: "\n").suffix(40).joined(separator: "\n  ")
            throw Diagnostic("`\(command[0])` failed", at: .init(file: folder), help: lines)
        }
    }
}
