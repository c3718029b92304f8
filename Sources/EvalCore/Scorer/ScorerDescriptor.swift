// What a scorer says of itself: it drives `scorers show`, the suite's schema, the pages and the checks.

public import EvalJSON

/// What kind of value a feedback has.
public enum ValueType: Sendable, Equatable {
    case boolean
    case integer
    case number
    /// `yes` or `no`, as MLflow's judges say it.
    case yesNo
    /// One of these labels.
    case category([String])
    case text
    case object

    /// One word for people.
    public var word: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .yesNo: "yes/no"
        case .category(let labels): labels.joined(separator: "|")
        case .text: "text"
        case .object: "object"
        }
    }
}

/// Where a scorer comes from.
public enum ScorerOrigin: Sendable, Equatable {
    case builtIn
    /// A question to a model: the one that it asks, nil before one is chosen.
    case judge(model: String?)
    /// A library with its name, version and digest.
    case plugin(library: String, version: String, digest: Digest)

    /// One word for people.
    public var word: String {
        switch self {
        case .builtIn: "built-in"
        case .judge: "judge"
        case .plugin: "plugin"
        }
    }
}

/// What a scorer judges at a time.
public enum ScorerScope: String, Sendable, CaseIterable {
    case row
    /// All turns of a conversation; the scorer is a ``SessionScorer``.
    case session
}

/// What a scorer is called, reads and gives.
public struct ScorerDescriptor: Sendable {
    /// The scorer's name: `[a-z][a-z0-9_]{0,62}`.
    public var name: String
    /// The version of what computes its values; a change of values is a change of version.
    public var version: String
    /// Where it comes from.
    public var origin: ScorerOrigin
    /// One line about it.
    public var help: String
    /// The fields of the row that it reads, as paths; a `?` at the end says that it does without.
    public var reads: [String]
    /// What kind of value it gives.
    public var value: ValueType
    /// The unit of a measure: `chars`, `ms`, `USD`.
    public var unit: String?
    /// The least and the greatest value.
    public var range: ClosedRange<Double>?
    /// Whether a lower value is the better one.
    public var lowerIsBetter: Bool
    /// When a row passes, unless the suite says otherwise.
    public var pass: PassRule?
    /// The aggregations of the report; the mean if there are none.
    public var aggregations: [Aggregation]
    /// Further feedbacks that it may give, by their names.
    public var feedbacks: [DeclaredFeedback]
    /// Its configuration.
    public var settings: [Setting]
    /// What it judges at a time, which is also the unit of its account and intervals.
    public var scope: ScorerScope
    /// Whether it asks a judge model, and can't be used without one.
    public var asksJudge: Bool

    /// A feedback beside the scorer's own one.
    public struct DeclaredFeedback: Sendable, Equatable {
        /// The last part of `instance/feedback`.
        public var name: String
        /// What kind of value it has.
        public var value: ValueType

        /// Declares a feedback.
        public init(name: String, value: ValueType) {
            self.name = name
            self.value = value
        }
    }

    /// Describes a scorer.
    public init(
        _ name: String,
        version: String = "1",
        origin: ScorerOrigin = .builtIn,
        help: String,
        reads: [String],
        value: ValueType,
        unit: String? = nil,
        range: ClosedRange<Double>? = nil,
        lowerIsBetter: Bool = false,
        pass: PassRule? = nil,
        aggregations: [Aggregation] = [],
        feedbacks: [DeclaredFeedback] = [],
        settings: [Setting] = [],
        scope: ScorerScope = .row,
        asksJudge: Bool = false
    ) {
        self.name = name
        self.version = version
        self.origin = origin
        self.help = help
        self.reads = reads
        self.value = value
        self.unit = unit
        self.range = range
        self.lowerIsBetter = lowerIsBetter
        self.pass = pass
        self.aggregations = aggregations
        self.feedbacks = feedbacks
        self.settings = settings
        self.scope = scope
        self.asksJudge = asksJudge
    }

    /// Whether the scorer looks at the trace, beside inputs, outputs and expectations.
    public var readsTrace: Bool { reads.contains { $0.hasPrefix("spans(") || $0.hasPrefix("trace") } }

    /// The name with its library where it comes from one: `edit_similarity@edit_distance`.
    public var qualifiedName: String {
        if case .plugin(let library, _, _) = origin { return "\(name)@\(library)" }
        return name
    }

    /// Who judged, as assessments say it.
    public var source: AssessmentSource {
        switch origin {
        case .builtIn: AssessmentSource(kind: .code, id: name)
        case .judge(let model): AssessmentSource(kind: .judge, id: model ?? name)
        case .plugin(let library, let version, _):
            AssessmentSource(kind: .code, id: "\(name)@\(library) \(version)")
        }
    }
}
