// Where a run comes from, so that somebody else can have it again.

public import EvalCore
public import EvalJSON

/// What is known of a run's origin; what is not known is nil.
public struct RunProvenance: Sendable {
    /// evalhost's version.
    public var hostVersion: String?
    /// SHA-256 of the data that was read.
    public var dataDigest: Digest?
    /// The commit of the working folder.
    public var gitCommit: String?
    /// Whether the working folder had changes that were not committed.
    public var gitDirty: Bool?
    /// The machine's name.
    public var machine: String?
    /// What every random choice began with.
    public var seed: UInt64?
    /// The field whose equal values make records one unit of the intervals.
    public var cluster: String?
    /// The resolved configuration.
    public var configuration: JSON?
    /// When the run began, in milliseconds since 1970.
    public var startedMilliseconds: Int64?
    /// Words of the person's own.
    public var tags: [String: String]

    /// Nothing is known.
    public init() { tags = [:] }

    /// The origin of a run that just ended.
    public init(_ plan: RunPlan, dataDigest: Digest?) {
        hostVersion = plan.hostVersion
        self.dataDigest = dataDigest
        gitCommit = plan.gitCommit
        gitDirty = plan.gitDirty
        machine = plan.machine
        seed = plan.seed
        cluster = plan.cluster?.description
        configuration = plan.configuration
        startedMilliseconds = plan.startedMilliseconds
        tags = plan.tags
    }

    /// The origin of a stored run.
    public init(_ record: RunRecord) {
        hostVersion = record.hostVersion
        dataDigest = record.dataDigest
        gitCommit = record.gitCommit
        gitDirty = record.gitDirty
        machine = record.machine
        seed = record.configuration["seed"]?.integer.flatMap { UInt64(exactly: $0) }
        cluster = record.configuration["cluster"]?.string
        configuration = record.configuration
        startedMilliseconds = record.listing.startedMilliseconds
        tags = record.tags
    }

    /// Its lines but for the configuration: a word and a value.
    var lines: [(word: String, value: String)] {
        var lines: [(String, String)] = []
        func add(_ word: String, _ value: String?) {
            if let value { lines.append((word, value)) }
        }
        add("evalhost", hostVersion)
        add("started", startedMilliseconds.map { Numbers.time(milliseconds: $0) })
        add("machine", machine)
        add("commit", gitCommit.map { $0 + (gitDirty == true ? " with changes that were not committed" : "") })
        add("data SHA-256", dataDigest?.description)
        add("seed", seed.map { String($0) })
        add("cluster", cluster)
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) { add("tag", "\(key)=\(value)") }
        return lines
    }
}
