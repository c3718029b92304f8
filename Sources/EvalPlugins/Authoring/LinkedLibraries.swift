// The file `libraries` of a plugin's folder: the libraries of the system that C and C++ plugins are linked with.

internal import EvalCore
internal import Foundation

extension PluginProject {
    /// The most libraries that a plugin may name.
    private static let mostLibraries = 64

    /// The linker's names of the libraries in the file, in its order; none without the file.
    ///
    /// - Throws: Which line is no name, or that the language has another place for them.
    func linkedLibraries() throws(Diagnostic) -> [String] {
        let file = "\(folder)/libraries"
        guard let data = FileManager.default.contents(atPath: file) else { return [] }
        guard language != .swift else {
            throw Diagnostic(
                "plugins in Swift don't name libraries here",
                at: .init(file: file),
                help: "Package.swift does: `linkerSettings: [.linkedLibrary(\"name\")]` in the target."
            )
        }
        var names: [String] = []
        for (index, line) in String(decoding: data, as: UTF8.self)
            .split(
                separator: "\n",
                omittingEmptySubsequences: false
            )
            .enumerated()
        {
            let name = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            if name.isEmpty { continue }
            guard Self.isLibraryName(name), names.count < Self.mostLibraries else {
                throw Diagnostic(
                    "'\(name.prefix(80))' is no name of a library",
                    at: .init(file: file, line: index + 1),
                    help: "A line is one name as the linker knows it: `fuzzy` for libfuzzy.so. Comments begin with #."
                )
            }
            names.append(name)
        }
        return names
    }

    private static func isLibraryName(_ name: String) -> Bool {
        guard let first = name.utf8.first, isLetterOrDigit(first), name.utf8.count <= 100 else { return false }
        return name.utf8.allSatisfy { isLetterOrDigit($0) || "_+.-".utf8.contains($0) }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
