// One evaluation as it is kept.

public import EvalJSON

/// How a run stands; MLflow's `RunStatus`, where `INTERRUPTED` is shown as KILLED.
public enum RunStatus: String, Sendable, CaseIterable {
    case running = "RUNNING"
    case finished = "FINISHED"
    case failed = "FAILED"
    case interrupted = "INTERRUPTED"
}

/// The process that a run belongs to: together the three tell it from every other process, also after a reboot.
public struct RunOwner: Sendable, Equatable {
    /// The process.
    public var pid: Int32
    /// The boot of the machine.
    public var bootID: String
    /// When the process began, in the kernel's ticks since the boot.
    public var startTicks: UInt64

    /// Names a process.
    public init(pid: Int32, bootID: String, startTicks: UInt64) {
        self.pid = pid
        self.bootID = bootID
        self.startTicks = startTicks
    }
}

/// What is known of a run before its first row.
public struct RunPlan: Sendable {
    /// The run's identifier.
    public var id: PublicID
    /// The run's name.
    public var name: String
    /// The experiment's name.
    public var experiment: String
    /// Words of the person's own.
    public var tags: [String: String]
    /// evalhost's version.
    public var hostVersion: String
    /// The resolved configuration without secrets, which `--resume` restores.
    public var configuration: JSON
    /// Where the rows come from.
    public var dataSource: String
    /// The commit of the working folder, and whether it had changes.
    public var gitCommit: String?
    /// Whether the working folder had changes that were not committed.
    public var gitDirty: Bool?
    /// The machine's name.
    public var machine: String
    /// The process that runs it.
    public var owner: RunOwner
    /// When it began, in milliseconds since 1970.
    public var startedMilliseconds: Int64
    /// The scorers by their place in each row's verdicts.
    public var scorers: [ScorerInstance]
    /// Lines that every reader of the run should see.
    public var notes: [String]

    /// Makes a plan.
    public init(
        id: PublicID = .make(),
        name: String,
        experiment: String,
        tags: [String: String] = [:],
        hostVersion: String,
        configuration: JSON,
        dataSource: String,
        gitCommit: String? = nil,
        gitDirty: Bool? = nil,
        machine: String,
        owner: RunOwner,
        startedMilliseconds: Int64,
        scorers: [ScorerInstance],
        notes: [String] = []
    ) {
        self.id = id
        self.name = name
        self.experiment = experiment
        self.tags = tags
        self.hostVersion = hostVersion
        self.configuration = configuration
        self.dataSource = dataSource
        self.gitCommit = gitCommit
        self.gitDirty = gitDirty
        self.machine = machine
        self.owner = owner
        self.startedMilliseconds = startedMilliseconds
        self.scorers = scorers
        self.notes = notes
    }
}

/// What a run came to.
public struct RunSummary: Sendable {
    /// How it ended.
    public var status: RunStatus
    /// Records that were read.
    public var rows: Int
    /// Rows with a read, predict or scorer error.
    public var errors: Int
    /// The metrics in the order of the scorers.
    public var metrics: [Metric]
    /// Each scorer's account, in their order.
    public var accounts: [(scorer: String, account: Account)]
    /// SHA-256 of the data that was read, where the source has one.
    public var dataDigest: Digest?
    /// How long the run took, in milliseconds, all its parts together.
    public var durationMilliseconds: Int64

    /// Sums a run up.
    public init(
        status: RunStatus,
        rows: Int,
        errors: Int,
        metrics: [Metric],
        accounts: [(scorer: String, account: Account)],
        dataDigest: Digest?,
        durationMilliseconds: Int64
    ) {
        self.status = status
        self.rows = rows
        self.errors = errors
        self.metrics = metrics
        self.accounts = accounts
        self.dataDigest = dataDigest
        self.durationMilliseconds = durationMilliseconds
    }
}
