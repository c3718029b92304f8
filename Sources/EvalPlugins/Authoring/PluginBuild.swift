// `plugin build`: compiles a folder to a library, checks that, and renames it into place.

public import EvalCore
internal import Foundation

extension PluginProject {
    /// Builds the library.
    ///
    /// It is written beside its place and renamed: one that is in use is never overwritten.
    ///
    /// - Parameters:
    ///   - sdk: Copied to `Vendor/EvalHostSDK` if that isn't there.
    ///   - says: Is given what the compiler printed, as it printed it; mostly nothing.
    /// - Throws: That the compiler failed or isn't there, or what is wrong with the library that it made.
    public func build(sdk: PluginSDK, says: (String) -> Void = { _ in }) async throws(Diagnostic) {
        guard let language else { throw foreign }
        try sdk.vendor(into: folder)
        let libraries = try linkedLibraries()
        let fresh = "\(folder)/.\(name).so.\(ProcessInfo.processInfo.processIdentifier)"
        defer { unlink(fresh) }
        if language == .swift {
            try await buildPackage(to: fresh, says)
        } else {
            try await compile(.release, libraries, to: fresh, says)
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
    }

    /// That the language is none of ours.
    var foreign: Diagnostic {
        Diagnostic(
            "there is no source in C, C++ or Swift in this folder",
            at: .init(file: folder),
            help: "Build the library with the tools of its language, as \(name).so; `evalhost plugin test` tests it."
        )
    }

    /// What a library in C or C++ is compiled for.
    enum Purpose {
        /// To be used.
        case release
        /// To be looked at by the sanitizers of addresses and of undefined behaviour.
        case sanitizing

        fileprivate var options: [String] {
            switch self {
            // What is undefined is told now, by the linker, and not by the loader of somebody else's machine.
            case .release: ["-O2", "-Wl,-z,relro,-z,now,-z,defs"]
            // Sizes of objects are left to the sanitizer of addresses, which also says where the memory came from.
            case .sanitizing:
                [
                    "-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize=object-size",
                    "-fno-sanitize-recover=all",
                ]
            }
        }
    }

    /// The compiler of the folder's language.
    var compiler: String { language == .cpp ? "c++" : "cc" }

    /// What a plugin exports: the entry, and nothing else.
    ///
    /// Hidden visibility alone leaves templates of the C++ library in sight.
    static let exports = "{ global: evalhost_plugin_entry; local: *; };\n"

    /// Compiles the sources in C or C++ of the folder.
    func compile(
        _ purpose: Purpose,
        _ libraries: [String],
        to output: String,
        _ says: (String) -> Void
    ) async throws(Diagnostic) {
        let (standard, suffix) = language == .cpp ? ("-std=c++11", ".cpp") : ("-std=c99", ".c")
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        let sources = names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
        let exports = "\(output).exports"
        defer { unlink(exports) }
        try Self.writeExports(to: exports)
        let warnings = ["-Wall", "-Wextra", "-Wpedantic", "-Wno-unused-parameter"]
        try await Command(
            words: [compiler, standard, "-fPIC", "-shared", "-fvisibility=hidden"] + purpose.options + warnings
                + ["-IVendor/EvalHostSDK/CEvalHost/include"] + sources.map { $0.hasPrefix("-") ? "./\($0)" : $0 }
                + ["-o", output, "-Xlinker", "--version-script=\(exports)"] + libraries.map { "-l\($0)" } + ["-lm"],
            folder: folder
        )
        .run(says: says)
    }

    private static func writeExports(to path: String) throws(Diagnostic) {
        do {
            try exports.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw Diagnostic("the folder can't be written to: \(error.localizedDescription)", at: .init(file: path))
        }
    }

    private func buildPackage(to output: String, _ says: (String) -> Void) async throws(Diagnostic) {
        let exports = "\(folder)/.build/evalhost.exports"
        do {
            try FileManager.default.createDirectory(atPath: "\(folder)/.build", withIntermediateDirectories: true)
        } catch {
            throw Diagnostic("the build folder can't be made: \(error.localizedDescription)", at: .init(file: folder))
        }
        try Self.writeExports(to: exports)
        var log = ""
        do throws(Diagnostic) {
            try await Command(
                words: [
                    "swift", "build", "-c", "release", "--product", name, "--disable-automatic-resolution",
                    "-Xswiftc", "-static-stdlib", "-Xswiftc", "-use-ld=lld",
                    "-Xlinker", "--version-script=\(exports)", "-Xlinker", "-S",
                ],
                folder: folder
            )
            .run { log = $0 }
        } catch {
            says(log)
            throw error
        }
        // Of a build that went well only the warnings are news.
        if log.contains("warning: ") { says(log) }
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
    }
}
