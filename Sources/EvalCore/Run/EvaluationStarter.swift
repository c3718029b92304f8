// Evaluations that a server starts: only those of suites that its own command line names.

/// A suite that may be started.
public struct SuiteListing: Sendable, Equatable {
    /// The name by which it is started.
    public var name: String
    /// The experiment of its runs.
    public var experiment: String
    /// Where its rows come from; nil where the suite doesn't say.
    public var data: String?
    /// The names of its scorers.
    public var scorers: [String]
    /// Why it can't be started as it is now.
    public var fault: String?

    /// Lists a suite.
    public init(name: String, experiment: String, data: String?, scorers: [String], fault: String? = nil) {
        self.name = name
        self.experiment = experiment
        self.data = data
        self.scorers = scorers
        self.fault = fault
    }
}

/// What somebody wants to have evaluated.
public struct EvaluationOrder: Sendable, Equatable {
    /// Rows that a request may name: those of the store, never a file.
    public enum Rows: Sendable, Equatable {
        /// A data set, as `NAME` or `NAME@VERSION`.
        case dataset(String)
        /// The traces that satisfy a condition; an empty one is all.
        case traces(String)

        /// Reads `dataset:NAME[@VERSION]` or `traces:CONDITION`.
        public init?(_ text: String) {
            if text.hasPrefix("dataset:"), text.utf8.count > 8 {
                self = .dataset(String(text.dropFirst(8)))
            } else if text.hasPrefix("traces:") {
                self = .traces(String(text.dropFirst(7)))
            } else {
                return nil
            }
        }

        /// The rows as suites and commands name them.
        public var text: String {
            switch self {
            case .dataset(let name): "dataset:" + name
            case .traces(let condition): "traces:" + condition
            }
        }
    }

    /// The suite's name.
    public var suite: String
    /// Other rows than the suite's.
    public var rows: Rows?
    /// The run's name; nil for the suite's, or one that is made up.
    public var runName: String?
    /// Words about the run, beside the suite's.
    public var tags: [String: String]

    /// Orders an evaluation.
    public init(suite: String, rows: Rows? = nil, runName: String? = nil, tags: [String: String] = [:]) {
        self.suite = suite
        self.rows = rows
        self.runName = runName
        self.tags = tags
    }
}

/// How an evaluation that a server started stands.
public struct StartedEvaluation: Sendable, Equatable {
    /// How far it is.
    public enum State: String, Sendable, CaseIterable {
        /// Others go before it.
        case waiting = "WAITING"
        case running = "RUNNING"
        case finished = "FINISHED"
        case failed = "FAILED"
        case interrupted = "INTERRUPTED"

        /// Whether nothing changes any more.
        public var isEnd: Bool { self != .waiting && self != .running }
    }

    /// The run, which the store has once the state is no longer waiting.
    public var run: PublicID
    /// The run's name.
    public var runName: String
    /// The suite's name.
    public var suite: String
    /// Where its rows come from.
    public var data: String
    /// How far it is.
    public var state: State
    /// Rows that are finished, each record as often as it is repeated.
    public var rows = 0
    /// Those that are expected; nil where nobody knows.
    public var expectedRows: Int?
    /// Rows with an error.
    public var errors = 0
    /// Rows in a second, since it began.
    public var rowsPerSecond = 0.0
    /// What it came to; none before its end.
    public var metrics: [Metric] = []
    /// The thresholds that it missed, a line each.
    public var missed: [String] = []
    /// Why it failed or was interrupted.
    public var reason: String?
    /// When it was ordered, in milliseconds since 1970.
    public var orderedMilliseconds: Int64
    /// When it ended.
    public var endedMilliseconds: Int64?

    /// An evaluation that waits.
    public init(
        run: PublicID,
        runName: String,
        suite: String,
        data: String,
        expectedRows: Int? = nil,
        orderedMilliseconds: Int64
    ) {
        self.run = run
        self.runName = runName
        self.suite = suite
        self.data = data
        state = .waiting
        self.expectedRows = expectedRows
        self.orderedMilliseconds = orderedMilliseconds
    }
}

/// Starts evaluations and knows how they stand.
public protocol EvaluationStarter: Sendable {
    /// The suites that may be started.
    func suites() async -> [SuiteListing]

    /// Starts an evaluation, or lets it wait for its turn.
    ///
    /// - Returns: How it stands at first.
    /// - Throws: A `Refusal` where there is no such suite or too many wait, a `Diagnostic` where it can't be started.
    func start(_ order: EvaluationOrder) async throws -> StartedEvaluation

    /// Those that were started since the server began, the newest first.
    func evaluations() async -> [StartedEvaluation]

    /// One of them; nil where there is none of that run.
    func evaluation(_ run: PublicID) async -> StartedEvaluation?

    /// Stops one that hasn't ended: its run is interrupted and can be resumed.
    ///
    /// - Returns: How it stands after that; nil where there is none of that run.
    func stop(_ run: PublicID) async -> StartedEvaluation?
}
