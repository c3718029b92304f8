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
    /// How often each record is evaluated.
    public var repeats: Int
    /// The field whose equal values make records one unit of the intervals; nil where each record is its own.
    public var cluster: JSONPath?
    /// What every random choice of the run begins with.
    public var seed: UInt64

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
        notes: [String] = [],
        repeats: Int = 1,
        cluster: JSONPath? = nil,
        seed: UInt64 = 0
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
        self.repeats = repeats
        self.cluster = cluster
        self.seed = seed
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
    /// How often each record was evaluated.
    public var repeats: Int
    /// Records whose repetitions passed once and failed once; 0 without repetitions.
    public var flakyRecords: Int
    /// The tokens of all rows; nil where no row was measured.
    public var tokens: TokenTotal?
    /// What all rows cost, in US dollars; nil where no row's cost is known.
    public var costUSD: CostTotal?
    /// What the judges took of their models; nil where none was asked.
    public var judges: JudgeUsage?
    /// Lines for every reader of the run that only its end could tell; stores add them to the plan's.
    public var notes: [String]

    /// Sums a run up.
    public init(
        status: RunStatus,
        rows: Int,
        errors: Int,
        metrics: [Metric],
        accounts: [(scorer: String, account: Account)],
        dataDigest: Digest?,
        durationMilliseconds: Int64,
        repeats: Int = 1,
        flakyRecords: Int = 0,
        tokens: TokenTotal? = nil,
        costUSD: CostTotal? = nil,
        judges: JudgeUsage? = nil,
        notes: [String] = []
    ) {
        self.status = status
        self.rows = rows
        self.errors = errors
        self.metrics = metrics
        self.accounts = accounts
        self.dataDigest = dataDigest
        self.durationMilliseconds = durationMilliseconds
        self.repeats = repeats
        self.flakyRecords = flakyRecords
        self.tokens = tokens
        self.costUSD = costUSD
        self.judges = judges
        self.notes = notes
    }
}
