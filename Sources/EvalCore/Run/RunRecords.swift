// What the command line and the pages ask of a store. It never says which store it is.

public import EvalJSON

/// A run in a list.
public struct RunListing: Sendable, Equatable {
    /// The run's identifier.
    public var id: PublicID
    /// The run's name.
    public var name: String
    /// The experiment's number.
    public var experimentID: Int64
    /// The experiment's name.
    public var experiment: String
    /// How it stands; a run whose owner died is interrupted.
    public var status: RunStatus
    /// Records that were read so far.
    public var rows: Int
    /// Rows with an error so far.
    public var errors: Int
    /// The metrics in the order of the scorers; none before the run ends.
    public var metrics: [Metric]
    /// When it began, in milliseconds since 1970.
    public var startedMilliseconds: Int64
    /// When it ended, in milliseconds since 1970.
    public var endedMilliseconds: Int64?
    /// How long it took, all its parts together, in milliseconds.
    public var durationMilliseconds: Int64?

    /// Lists a run.
    public init(
        id: PublicID,
        name: String,
        experimentID: Int64,
        experiment: String,
        status: RunStatus,
        rows: Int,
        errors: Int,
        metrics: [Metric],
        startedMilliseconds: Int64,
        endedMilliseconds: Int64?,
        durationMilliseconds: Int64?
    ) {
        self.id = id
        self.name = name
        self.experimentID = experimentID
        self.experiment = experiment
        self.status = status
        self.rows = rows
        self.errors = errors
        self.metrics = metrics
        self.startedMilliseconds = startedMilliseconds
        self.endedMilliseconds = endedMilliseconds
        self.durationMilliseconds = durationMilliseconds
    }
}

/// A scorer of a run as it is kept.
public struct ScorerRecord: Sendable, Equatable {
    /// The instance's name.
    public var name: String
    /// Scorer, version, configuration, library: `ScorerInstance.provenance` of then.
    public var provenance: JSON
    /// Who judged.
    public var source: AssessmentSource
    /// How often it was asked, and what came of it; nil before the run ends.
    public var account: Account?
    /// What it judges at a time.
    public var scope: ScorerScope

    /// Records a scorer.
    public init(
        name: String,
        provenance: JSON,
        source: AssessmentSource,
        account: Account?,
        scope: ScorerScope = .row
    ) {
        self.name = name
        self.provenance = provenance
        self.source = source
        self.account = account
        self.scope = scope
    }
}

/// All that is kept of a run but its rows.
public struct RunRecord: Sendable {
    /// What lists show of it.
    public var listing: RunListing
    /// Words of the person's own.
    public var tags: [String: String]
    /// Lines that every reader of the run should see.
    public var notes: [String]
    /// evalhost's version.
    public var hostVersion: String
    /// The resolved configuration.
    public var configuration: JSON
    /// SHA-256 of the configuration's canonical JSON.
    public var configurationDigest: Digest
    /// Where the rows came from.
    public var dataSource: String
    /// SHA-256 of the data that was read.
    public var dataDigest: Digest?
    /// The commit of the working folder.
    public var gitCommit: String?
    /// Whether the working folder had changes that were not committed.
    public var gitDirty: Bool?
    /// The machine's name.
    public var machine: String
    /// The process that has or had the run.
    public var owner: RunOwner
    /// The owner's last sign of life, in milliseconds since 1970.
    public var heartbeatMilliseconds: Int64
    /// The scorers by their place in each row's verdicts.
    public var scorers: [ScorerRecord]
    /// How often each record was evaluated.
    public var repeats: Int
    /// Records whose repetitions passed once and failed once.
    public var flakyRecords: Int
    /// The tokens of all rows; nil where no row was measured.
    public var tokens: TokenTotal?
    /// What all rows cost, in US dollars; nil where no row's cost is known.
    public var costUSD: CostTotal?
    /// What the judges took of their models; nil where none was asked.
    public var judges: JudgeUsage?

    /// Records a run.
    public init(
        listing: RunListing,
        tags: [String: String] = [:],
        notes: [String] = [],
        hostVersion: String,
        configuration: JSON,
        configurationDigest: Digest,
        dataSource: String,
        dataDigest: Digest? = nil,
        gitCommit: String? = nil,
        gitDirty: Bool? = nil,
        machine: String,
        owner: RunOwner,
        heartbeatMilliseconds: Int64,
        scorers: [ScorerRecord] = [],
        repeats: Int = 1,
        flakyRecords: Int = 0,
        tokens: TokenTotal? = nil,
        costUSD: CostTotal? = nil,
        judges: JudgeUsage? = nil
    ) {
        self.listing = listing
        self.tags = tags
        self.notes = notes
        self.hostVersion = hostVersion
        self.configuration = configuration
        self.configurationDigest = configurationDigest
        self.dataSource = dataSource
        self.dataDigest = dataDigest
        self.gitCommit = gitCommit
        self.gitDirty = gitDirty
        self.machine = machine
        self.owner = owner
        self.heartbeatMilliseconds = heartbeatMilliseconds
        self.scorers = scorers
        self.repeats = repeats
        self.flakyRecords = flakyRecords
        self.tokens = tokens
        self.costUSD = costUSD
        self.judges = judges
    }
}

extension RunRecord {
    /// What the run came to, as it was kept.
    public var summary: RunSummary {
        RunSummary(
            status: listing.status,
            rows: listing.rows,
            errors: listing.errors,
            metrics: listing.metrics,
            accounts: scorers.map { ($0.name, $0.account ?? Account(of: $0.scope)) },
            dataDigest: dataDigest,
            durationMilliseconds: listing.durationMilliseconds ?? 0,
            repeats: repeats,
            flakyRecords: flakyRecords,
            tokens: tokens,
            costUSD: costUSD,
            judges: judges
        )
    }
}

/// A row's place in a run.
public struct RowPlace: Sendable, Hashable, Comparable {
    /// The place of the record in its source, from 0.
    public var ordinal: Int
    /// Which repetition of the record it is, from 0.
    public var repetition: Int

    /// Names a place.
    public init(ordinal: Int, repetition: Int) {
        self.ordinal = ordinal
        self.repetition = repetition
    }

    /// Whether `left` comes before `right`.
    public static func < (left: RowPlace, right: RowPlace) -> Bool {
        (left.ordinal, left.repetition) < (right.ordinal, right.repetition)
    }
}

/// A trace with what was said of it.
public struct TraceRecord: Sendable {
    /// What happened.
    public var trace: Trace
    /// The experiment's name.
    public var experiment: String
    /// Feedback in the order in which it is kept, then the rows' expectations, each key as an assessment.
    public var assessments: [Assessment]

    /// Records a trace.
    public init(trace: Trace, experiment: String, assessments: [Assessment]) {
        self.trace = trace
        self.experiment = experiment
        self.assessments = assessments
    }
}

/// Reads what a store keeps.
public protocol RunRecords: Sendable {
    /// Runs, the newest first.
    ///
    /// - Parameters:
    ///   - experiment: The name of the only experiment that is wanted.
    ///   - limit: The most runs that are wanted.
    /// - Returns: The runs.
    /// - Throws: `unavailable` if the store can't be used.
    func runs(experiment: String?, limit: Int) async throws(Diagnostic) -> [RunListing]

    /// The run that a word means: an id, the unique beginning of one, a unique name, or `latest`.
    ///
    /// - Throws: `usage` if there is none or more than one, with the candidates.
    func run(named word: String) async throws(Diagnostic) -> PublicID

    /// A run with all that is kept of it but its rows.
    func record(of run: PublicID) async throws(Diagnostic) -> RunRecord

    /// Rows of a run after a place, in the order of ordinal and repetition.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - place: The last row that is not wanted; nil to begin.
    ///   - limit: The most rows that are wanted; a page ends sooner when its rows are large, but has one at least.
    /// - Returns: The rows; none after the last one.
    /// - Throws: `usage` if there is no such run.
    func rows(of run: PublicID, after place: RowPlace?, limit: Int) async throws(Diagnostic) -> [FinishedRow]

    /// The trace that a word means: `tr-…`, or the unique beginning of one.
    ///
    /// - Throws: `usage` if there is none or more than one, with the candidates.
    func trace(named word: String) async throws(Diagnostic) -> TraceRecord
}

extension RunRecords {
    /// Gives every row of a run to `body` in the order of ordinal and repetition, holding one page in memory.
    public func forEachRow(
        of run: PublicID,
        page: Int = 256,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (FinishedRow) async throws(Diagnostic) -> Void
    ) async throws(Diagnostic) {
        var place: RowPlace?
        while true {
            let rows = try await rows(of: run, after: place, limit: page)
            guard let last = rows.last else { return }
            for row in rows { try await body(row) }
            place = RowPlace(ordinal: last.ordinal, repetition: last.repetition)
        }
    }
}
