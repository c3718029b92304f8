// The plugins of some folders as one catalog of scorers.

internal import CEvalHost
public import EvalCore
public import EvalJSON

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
    /// Where it runs.
    public let isolation: PluginIsolation
    /// What the lock says of it; nil if it isn't in there.
    public let trust: PluginLock.Entry?
    /// The function that it binds, where it is a manifest.
    public var bound: BoundSymbol?
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
    ///   - folders: Folders that have `*.so`, `*.scorer.yaml` or `NAME/NAME.so` in them.
    ///   - options: Deadlines, cache and bounds.
    /// - Returns: The catalog, with its refusals.
    public static func open(_ folders: [String], options: PluginOptions) async -> PluginCatalog {
        var libraries: [PluginLibrary] = []
        var refusals: [Diagnostic] = []
        var seen: Set<String> = []
        let loader = LibraryLoader(options)
        do throws(Diagnostic) {
            try loader.check()
        } catch {
            return PluginCatalog([], folders.isEmpty ? [] : [error], options, loader)
        }
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

    /// A catalog of one library that was inspected, with workers of its own.
    static func fresh(of library: PluginLibrary, options: PluginOptions) -> PluginCatalog {
        PluginCatalog([library], [], options, LibraryLoader(options))
    }

    /// The workers of one of its libraries.
    func workers(of library: PluginLibrary) throws(Diagnostic) -> WorkerLibrary { try loader.workers(of: library) }

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
        let scorer = library.description.scorers[index]
        if scorer.flags & EVALHOST_CALLS_JUDGE != 0, options.judge == nil {
            throw Diagnostic(
                "'\(descriptor.name)' asks a judge model, and there is none",
                at: .init(plugin: name),
                help: "Leave it out, or name a judge model."
            )
        }
        switch library.isolation {
        case .inprocess: return try await makeInProcess(descriptor, library, index, configuration, timeout)
        case .process:
            let recipe = WorkerRecipe(
                library: name,
                scorer: scorer,
                index: index,
                configuration: configuration,
                rowDeadline: timeout ?? options.rowDeadline
            )
            let workers = try loader.workers(of: library)
            let isStrict = options.sandbox == .strict
            let instance = try await IsolatedInstance(descriptor, recipe, in: workers, isStrict: isStrict)
            return descriptor.scope == .session ? IsolatedSessionScorer(instance) : IsolatedScorer(instance)
        }
    }

    private func makeInProcess(
        _ descriptor: ScorerDescriptor,
        _ library: PluginLibrary,
        _ index: Int,
        _ configuration: JSON,
        _ timeout: Duration?
    ) async throws(Diagnostic) -> any Scorer {
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
            rowDeadline: timeout ?? options.rowDeadline,
            judge: options.judge,
            voice: PluginVoice(PluginLock.name(ofFile: library.file.path), options.hear)
        )
        let callsJudge = recipe.scorer.flags & EVALHOST_CALLS_JUDGE != 0
        let instances = callsJudge ? min(64, max(1, options.judge?.concurrency ?? 1)) : options.instances
        if descriptor.scope == .session {
            return try await InProcessSessionScorer(descriptor, recipe, instances: instances)
        }
        return try await InProcessScorer(descriptor, recipe, instances: instances)
    }

    /// Has a library describe itself, in a sandboxed worker without any permission.
    ///
    /// - Throws: Why it can't be used.
    public static func inspect(_ path: String, options: PluginOptions) async throws(Diagnostic) -> PluginLibrary {
        var options = options
        options.lock = nil
        options.isolation = .process
        return try await LibraryLoader(options).describe(PluginFile(path: path))
    }

    /// What the sandbox lacks on this machine, in words; nil if all its layers are there.
    public static var sandboxShortcoming: String? { Sandbox.shortcoming }

    /// Ends the workers of this catalog; they start again when its scorers are used again.
    public func endWorkers() async { await loader.endWorkers() }

    /// Ends the workers of all catalogs in this process: their instances are destroyed, as far as they do that in time.
    public static func endWorkers() async { await Supervisor.end() }
}
