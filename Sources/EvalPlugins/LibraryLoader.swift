// Describes libraries, and starts or loads them when that can't be avoided.

internal import CEvalHost
internal import CEvalSandbox
internal import CEvalTransport
internal import EvalCore
internal import EvalJSON
internal import Foundation
internal import Synchronization

/// The libraries of one catalog.
final class LibraryLoader: Sendable {
    private let options: PluginOptions
    private let cache: DescriptionCache?
    private let workers = Mutex<[Digest: WorkerLibrary]>([:])
    /// The copies of libraries that were described by running them: a file that is replaced meanwhile changes nothing.
    private let kept = Mutex<[Digest: CheckedLibrary]>([:])
    /// The functions of manifests that were described.
    private let bound = Mutex<[Digest: BoundFunction]>([:])

    init(_ options: PluginOptions) {
        self.options = options
        cache = options.cacheFolder.map { DescriptionCache(folder: $0, hostVersion: options.hostVersion) }
    }

    /// Checks that the sandbox can be what is demanded.
    func check() throws(Diagnostic) {
        try Sandbox.check(options.sandbox)
        if options.requiresTrust, options.lock == nil {
            throw Diagnostic(
                "there is no such lock, and only trusted plugins may be used",
                at: .init(file: options.lockPath),
                help: "Look at the plugins, then run `evalhost plugin trust FILE` for each."
            )
        }
    }

    /// What a library says of itself: from the cache if the file is the same, else by running it.
    func describe(_ file: PluginFile) async throws(Diagnostic) -> PluginLibrary {
        if file.isManifest { return try describeFunction(file) }
        let opened = try OpenedFile(path: file.path)
        let entry = cache?.entry(for: file.path)
        // With a lock nothing but the bytes themselves counts.
        if let entry, entry.identity == opened.identity, options.lock == nil, !options.requiresTrust,
            let library = library(file, entry.digest, entry.description, nil)
        {
            return library
        }
        let checked = try opened.checked()
        let trust = try options.lock?.check(checked, requiresTrust: options.requiresTrust)
        if let entry, entry.digest == checked.digest,
            let library = library(file, entry.digest, entry.description, trust)
        {
            keep(opened.identity, library)
            return library
        }
        let description: PluginDescription
        switch trust?.isolation ?? options.isolation {
        case .inprocess:
            description = try await LoadedLibraries.shared.load(checked, deadline: options.loadDeadline).description
        case .process: description = try await start(checked, trust: trust, lanes: 1).describe()
        }
        kept.withLock { $0[checked.digest] = checked }
        guard let library = library(file, checked.digest, description, trust) else {
            throw Refusal.description(file.path, "its fields or defaults can't be read")
        }
        keep(opened.identity, library)
        return library
    }

    /// What a manifest says; the function itself isn't called.
    private func describeFunction(_ file: PluginFile) throws(Diagnostic) -> PluginLibrary {
        let function = try BoundFunction(file)
        let trust = try options.lock?.check(function, requiresTrust: options.requiresTrust)
        bound.withLock { $0[function.digest] = function }
        do throws(DescriptionError) {
            return PluginLibrary(
                file: file,
                digest: function.digest,
                description: function.description,
                descriptors: try function.description.descriptors(digest: function.digest),
                isolation: .process,
                trust: trust,
                bound: function.bound
            )
        } catch {
            throw Refusal.description(file.path, error.words)
        }
    }

    private func library(
        _ file: PluginFile,
        _ digest: Digest,
        _ description: PluginDescription,
        _ trust: PluginLock.Entry?
    ) -> PluginLibrary? {
        guard let descriptors = try? description.descriptors(digest: digest) else { return nil }
        return PluginLibrary(
            file: file,
            digest: digest,
            description: description,
            descriptors: descriptors,
            isolation: trust?.isolation ?? options.isolation,
            trust: trust
        )
    }

    private func keep(_ identity: FileIdentity, _ library: PluginLibrary) {
        let entry = DescriptionCache.Entry(
            identity: identity,
            digest: library.digest,
            description: library.description
        )
        cache?.store(entry, for: library.file.path)
    }

    /// The checked copy of a library that was described.
    private func checked(_ library: PluginLibrary) throws(Diagnostic) -> CheckedLibrary {
        if let copy = kept.withLock({ $0[library.digest] }) { return copy }
        let checked = try OpenedFile(path: library.file.path).checked()
        guard checked.digest == library.digest else {
            throw Self.changed(library)
        }
        return checked
    }

    private static func changed(_ library: PluginLibrary) -> Diagnostic {
        Diagnostic(
            "the library has changed since it was described",
            at: .init(file: library.file.path, plugin: library.description.name),
            help: "Start again: a run uses one version of a library."
        )
    }

    /// The function that was described.
    private func function(_ library: PluginLibrary) throws(Diagnostic) -> BoundFunction {
        if let function = bound.withLock({ $0[library.digest] }) { return function }
        let function = try BoundFunction(library.file)
        guard function.digest == library.digest else { throw Self.changed(library) }
        return function
    }

    /// The code of a library in this process; the same for every caller.
    func load(_ library: PluginLibrary) async throws(Diagnostic) -> LoadedLibrary {
        if let loaded = await LoadedLibraries.shared.library(library.digest) { return loaded }
        return try await LoadedLibraries.shared.load(try checked(library), deadline: options.loadDeadline)
    }

    /// The workers of a library; the same for all of its scorers.
    func workers(of library: PluginLibrary) throws(Diagnostic) -> WorkerLibrary {
        if let running = workers.withLock({ $0[library.digest] }) { return running }
        // The judge of golden rows has no key that could be read.
        if let judge = options.judge, !(judge is ScriptedJudge), options.sandbox != .off, !Sandbox.hasLandlock {
            throw Diagnostic(
                "this kernel has no Landlock, so a plugin could read the key of the judge model from its file",
                category: .unavailable,
                at: .init(file: library.file.path),
                help: "Use a kernel with Landlock, or `--sandbox off` if you trust the plugin."
            )
        }
        let callsJudge = library.description.scorers.contains { $0.flags & EVALHOST_CALLS_JUDGE != 0 }
        let lanes = callsJudge ? min(max(1, options.judge?.concurrency ?? 1), Int(CEVAL_MAX_SLOTS)) : 1
        let started: WorkerLibrary
        if library.bound != nil {
            let function = try function(library)
            started = try start(function.library, trust: library.trust, lanes: 1, binding: function.binding)
        } else {
            started = try start(try checked(library), trust: library.trust, lanes: lanes)
        }
        return workers.withLock { workers in
            let kept = workers[library.digest] ?? started
            workers[library.digest] = kept
            return kept
        }
    }

    /// Ends the workers of all libraries.
    func endWorkers() async {
        for library in workers.withLock({ Array($0.values) }) { await library.end() }
    }

    private func start(
        _ checked: CheckedLibrary,
        trust: PluginLock.Entry?,
        lanes: Int,
        binding: [UInt8] = []
    ) throws(Diagnostic) -> WorkerLibrary {
        let sandbox = Sandbox(mode: options.sandbox, permissions: trust?.permissions ?? [])
        // The host's environment has keys in it; as root the worker becomes somebody else instead.
        if options.sandbox != .off, geteuid() != 0 { ceval_hide_process() }
        var policy = WorkerFleet.Policy()
        policy.workers = lanes > 1 ? 1 : options.instances
        policy.lanes = lanes
        policy.depth = lanes > 1 ? 1 : 4
        policy.loadDeadline = options.loadDeadline
        var launch = WorkerLaunch(
            executable: try WorkerLocator.find(options.worker),
            library: checked,
            hostVersion: HostVersion.current,
            lanes: policy.lanes,
            depth: policy.depth,
            flags: sandbox.flags | (options.judge == nil ? 0 : CEVAL_START_HAS_JUDGE)
        )
        launch.strings = sandbox.strings
        launch.binding = binding
        if let judge = options.judge { launch.strings.append((CEVAL_STRING_MODEL, judge.model)) }
        launch.memoryBytes = sandbox.memoryBytes
        launch.threads = sandbox.threads
        return WorkerLibrary(launch, policy: policy, judge: options.judge, hear: options.hear)
    }
}
