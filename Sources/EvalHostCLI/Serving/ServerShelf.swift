// What a server tells of scorers: those that are built in, those of its folders, and the judges of its store.

internal import EvalCore
internal import EvalPlugins
internal import Foundation

/// Looks the scorers up, and remembers for a moment what it found.
actor ServerShelf: ScorerShelf {
    private let folders: [String]
    private let policy: PluginPolicy
    private let judges: any JudgeRegistry
    private var known: (found: Task<Result<ScorersFound, Diagnostic>, Never>, since: ContinuousClock.Instant)?

    /// How long what was found counts, so that callers can't keep the disk busy.
    private static let freshness = Duration.seconds(2)

    init(folders: [String], policy: PluginPolicy, judges: any JudgeRegistry) {
        self.folders = folders
        var policy = policy
        policy.skipsBroken = true
        self.policy = policy
        self.judges = judges
    }

    private func found() async throws(Diagnostic) -> ScorersFound {
        let now = ContinuousClock.now
        if let known, now - known.since < Self.freshness { return try await known.found.value.get() }
        let task = Task { [folders, policy] () async -> Result<ScorersFound, Diagnostic> in
            do throws(Diagnostic) {
                return .success(try await ScorersFound(running: folders, policy: policy))
            } catch {
                return .failure(error)
            }
        }
        known = (task, now)
        return try await task.value.get()
    }

    func descriptors() async throws(Diagnostic) -> [ScorerDescriptor] {
        let found = try await found().directory.descriptors
        let taken = Set(found.map(\.name))
        let own = try await RegisteredJudges.of(RegisteredJudges.standard, in: judges)
            .filter { !taken.contains($0.name) }
        let all = found + ScorersFound.descriptors(of: own)
        return all.sorted { ($0.name, $0.qualifiedName) < ($1.name, $1.qualifiedName) }
    }

    func libraries() async throws(Diagnostic) -> (found: [LibraryListing], refused: [Diagnostic]) {
        let found = try await found()
        return (found.libraries.map(LibraryListing.init), found.refused)
    }

    nonisolated func check(_ judge: JudgeDefinition) throws(Diagnostic) { try ScorersFound.check([judge]) }
}

extension LibraryListing {
    /// A library that was found.
    init(_ library: PluginLibrary) {
        self.init(
            name: library.description.name,
            version: library.description.version,
            file: library.file.path,
            digest: library.bound?.manifestDigest ?? library.digest,
            scorers: library.descriptors.map(\.name),
            runsInProcess: library.isolation == .inprocess,
            isTrusted: library.trust != nil,
            permissions: library.trust?.permissions.map(\.description) ?? [],
            bound: library.bound.map { Bound(symbol: $0.symbol, library: $0.library, digest: $0.libraryDigest) }
        )
    }
}
