// The plugins of some folders as one catalog of scorers.

public import EvalCore
public import EvalJSON
internal import Foundation
internal import Synchronization

/// A library that was found and has described itself, now or at an earlier time.
public struct PluginLibrary: Sendable {
    /// The file.
    public let file: PluginFile
    /// SHA-256 of its bytes.
    public let digest: Digest
    /// What it says of itself.
    public let description: PluginDescription
    /// Its scorers.
    public let descriptors: [ScorerDescriptor]
}

/// The scorers of the libraries in some folders.
///
///     let catalog = await PluginCatalog.open(["./Plugins"], options: PluginOptions(hostVersion: "0.3.0"))
///     for refusal in catalog.refusals { … }
///
/// A library is loaded when the first of its scorers is made, or to be described if no earlier process did that.
public final class PluginCatalog: ScorerCatalog {
    /// The libraries, in the order in which they were found.
    public let libraries: [PluginLibrary]
    /// Why other files and folders are not used.
    public let refusals: [Diagnostic]
    /// The scorers, sorted by name, then library.
    public let descriptors: [ScorerDescriptor]
    private let options: PluginOptions
    private let loader: LibraryLoader

    private init(
        _ libraries: [PluginLibrary],
        _ refusals: [Diagnostic],
        _ options: PluginOptions,
        _ loader: LibraryLoader
    ) {
        self.libraries = libraries
        self.refusals = refusals
        self.options = options
        self.loader = loader
        descriptors = libraries.flatMap(\.descriptors).sorted { $0.qualifiedName < $1.qualifiedName }
    }

    /// Finds, checks and describes the libraries of folders.
    ///
    /// What can't be used is a refusal, never a crash of this.
    ///
    /// - Parameters:
    ///   - folders: Folders that have `*.so` or `NAME/NAME.so` in them.
    ///   - options: Deadlines, cache and bounds.
    /// - Returns: The catalog, with its refusals.
    public static func open(_ folders: [String], options: PluginOptions) async -> PluginCatalog {
        var libraries: [PluginLibrary] = []
        var refusals: [Diagnostic] = []
        var seen: Set<String> = []
        let loader = LibraryLoader(options)
        for folder in folders {
            let files: [PluginFile]
            do throws(Diagnostic) {
                files = try PluginFile.candidates(in: folder)
            } catch {
                refusals.append(error)
                continue
            }
            for file in files where seen.insert(file.path).inserted {
                do throws(Diagnostic) {
                    let library = try await loader.describe(file)
                    let name = library.description.name
                    if let other = libraries.first(where: { $0.description.name == name }) {
                        throw Diagnostic(
                            "the library \(name) is already loaded from \(other.file.path)",
                            at: .init(file: file.path, plugin: name),
                            help: "Remove one of the two, or give one another name."
                        )
                    }
                    libraries.append(library)
                } catch {
                    refusals.append(error)
                }
            }
        }
        return PluginCatalog(libraries, refusals, options, loader)
    }

    /// Makes a scorer, with its first instance.
    ///
    /// - Throws: Why the library can't be loaded or the scorer refuses its configuration.
    public func make(
        _ descriptor: ScorerDescriptor,
        configuration: JSON,
        timeout: Duration?
    ) async throws(Diagnostic) -> any Scorer {
        guard case .plugin(let name, _, let digest) = descriptor.origin,
            let library = libraries.first(where: { $0.description.name == name && $0.digest == digest }),
            let index = library.description.scorers.firstIndex(where: { $0.name == descriptor.name })
        else {
            throw Diagnostic("there is no plugin with the scorer '\(descriptor.qualifiedName)'")
        }
        let loaded = try await loader.load(library)
        guard index < loaded.description.scorers.count, loaded.description == library.description else {
            throw Refusal.description(library.file.path, "it describes itself otherwise than before")
        }
        let recipe = InstanceRecipe(
            library: loaded,
            index: index,
            configuration: configuration,
            hostVersion: options.hostVersion,
            loadDeadline: options.loadDeadline,
            rowDeadline: timeout ?? options.rowDeadline
        )
        return try await InProcessScorer(descriptor, recipe, instances: options.instances)
    }
}

/// Describes libraries, and loads them when that can't be avoided.
private struct LibraryLoader: Sendable {
    private let options: PluginOptions
    private let cache: DescriptionCache?

    init(_ options: PluginOptions) {
        self.options = options
        cache = options.cacheFolder.map { DescriptionCache(folder: $0, hostVersion: options.hostVersion) }
    }

    /// What a library says of itself: from the cache if the file is the same, else by loading it.
    func describe(_ file: PluginFile) async throws(Diagnostic) -> PluginLibrary {
        let opened = try OpenedFile(path: file.path)
        let entry = cache?.entry(for: file.path)
        if let entry, entry.identity == opened.identity, let library = library(file, entry.digest, entry.description) {
            return library
        }
        let checked = try opened.checked()
        if let entry, entry.digest == checked.digest, let library = library(file, entry.digest, entry.description) {
            keep(opened.identity, library)
            return library
        }
        let loaded = try await LoadedLibraries.shared.load(checked, deadline: options.loadDeadline)
        guard let library = library(file, checked.digest, loaded.description) else {
            throw Refusal.description(file.path, "its fields or defaults can't be read")
        }
        keep(opened.identity, library)
        return library
    }

    private func library(_ file: PluginFile, _ digest: Digest, _ description: PluginDescription) -> PluginLibrary? {
        guard let descriptors = try? description.descriptors(digest: digest) else { return nil }
        return PluginLibrary(file: file, digest: digest, description: description, descriptors: descriptors)
    }

    private func keep(_ identity: FileIdentity, _ library: PluginLibrary) {
        let entry = DescriptionCache.Entry(
            identity: identity,
            digest: library.digest,
            description: library.description
        )
        cache?.store(entry, for: library.file.path)
    }

    /// The code of a library that was described; the same for every caller.
    func load(_ library: PluginLibrary) async throws(Diagnostic) -> LoadedLibrary {
        if let loaded = await LoadedLibraries.shared.library(library.digest) { return loaded }
        let checked = try OpenedFile(path: library.file.path).checked()
        guard checked.digest == library.digest else {
            throw Diagnostic(
                "the library has changed since it was described",
                at: .init(file: library.file.path, plugin: library.description.name),
                help: "Start again: a run uses one version of a library."
            )
        }
        return try await LoadedLibraries.shared.load(checked, deadline: options.loadDeadline)
    }
}
