// A manifest with the library that it names: what is pinned, what a worker is started with.

public import EvalCore
public import EvalJSON
internal import EvalSuite
internal import Foundation

extension PluginFile {
    /// How the name of a manifest ends.
    static let manifestSuffix = ".scorer.yaml"

    /// Whether it is a manifest, which binds a function of another library.
    public var isManifest: Bool { name.hasSuffix(Self.manifestSuffix) }
}

/// The function that a manifest binds, for people and for the lock.
public struct BoundSymbol: Sendable, Equatable {
    /// The function.
    public let symbol: String
    /// The library's file, links followed as far as the folder that was searched.
    public let library: String
    /// SHA-256 of the manifest's bytes.
    public let manifestDigest: Digest
    /// SHA-256 of the library's bytes.
    public let libraryDigest: Digest
}

/// A function that was found where its manifest says.
final class BoundFunction: Sendable {
    let file: PluginFile
    let bound: BoundSymbol
    /// Of manifest and library together: what a run keeps.
    let digest: Digest
    let description: PluginDescription
    let library: CheckedLibrary
    /// What the worker is told.
    let binding: [UInt8]

    /// Reads a manifest, finds its library and looks for the function, without running any of it.
    ///
    /// - Throws: What is wrong, with line and column where it is the manifest's.
    init(_ file: PluginFile) throws(Diagnostic) {
        self.file = file
        let bytes = try OpenedFile(path: file.path).contents(limit: LoadLimits.manifestBytes)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Diagnostic("the manifest isn't UTF-8", at: .init(file: file.path))
        }
        let manifest = try ScorerManifest.read(text, file: file.path)
        let name = try Self.name(of: file)
        let understood = try ManifestBinding(manifest, name: name)
        description = understood.description
        let path: String?
        (library, path) = try Self.library(manifest.library, of: file)
        try Self.check(manifest.symbol, in: library)
        binding = understood.bytes(library: path)
        bound = BoundSymbol(
            symbol: manifest.symbol.text,
            library: library.path,
            manifestDigest: Digest(of: bytes),
            libraryDigest: library.digest
        )
        digest = Digest(of: bound.manifestDigest.bytes + bound.libraryDigest.bytes)
    }

    private static func name(of file: PluginFile) throws(Diagnostic) -> String {
        let name = String(file.name.dropLast(PluginFile.manifestSuffix.count))
        guard PluginDescription.isName(name) else {
            throw Diagnostic(
                "'\(name)' can't be a scorer's name, and a manifest's file is named after its scorer",
                at: .init(file: file.path),
                help: "Use lower-case letters, digits and underscores, a letter first, at most 63."
            )
        }
        return name
    }

    /// The library, and by which path the loader opens it; nil where the worker gets a copy.
    ///
    /// A library of the system is opened where it lies: the C library must not be mapped twice. Another is copied first, as
    /// plugins are, so that what was checked is what runs.
    private static func library(
        _ word: ScorerManifest.Word,
        of file: PluginFile
    ) throws(Diagnostic) -> (CheckedLibrary, String?) {
        let isPath = word.text.contains("/")
        let path: String
        if isPath {
            let folder = (file.path as NSString).deletingLastPathComponent
            path = word.text.hasPrefix("/") ? word.text : (folder.isEmpty ? word.text : "\(folder)/\(word.text)")
        } else {
            guard let found = SystemLibraries.find(word.text) else { throw missing(word) }
            path = found
        }
        do throws(Diagnostic) {
            return (try OpenedFile(path: path).checked(isPlugin: false, withBeside: isPath), isPath ? nil : path)
        } catch {
            throw word.error("\(path): \(error.message)", help: error.help)
        }
    }

    private static func missing(_ word: ScorerManifest.Word) -> Diagnostic {
        let similar = SystemLibraries.similar(to: word.text)
        if let other = similar.first {
            let names = similar.prefix(3).joined(separator: ", ")
            return word.error("there is no library \(word.text)", help: "There is \(names); write `library: \(other)`.")
        }
        return word.error(
            "there is no library \(word.text)",
            help: "Install it, or write a path with a slash. Looked in: "
                + SystemLibraries.folders.joined(separator: ", ") + "."
        )
    }

    private static func check(_ symbol: ScorerManifest.Word, in library: CheckedLibrary) throws(Diagnostic) {
        let kind = library.withBytes { ELFSymbols($0).kind(of: symbol.text) }
        switch kind {
        case .some(.function): return
        case .some(.data):
            throw symbol.error("\(symbol.text) of \(library.path) is data, not a function")
        default:
            let names = library.withBytes { ELFSymbols($0).functions } ?? []
            throw symbol.unknown("\(library.path) has no function \(symbol.text)", among: names)
        }
    }
}
