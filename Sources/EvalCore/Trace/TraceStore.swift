// What a server asks of a store about traces. Everything throws a Refusal where the request can't be met, and a Diagnostic
// where the store can't be used.

public import EvalJSON

/// A part of a trace that came: some of its spans, perhaps not all.
public struct TracePart: Sendable {
    /// What these spans alone tell of the trace.
    public var info: TraceInfo
    /// The spans.
    public var spans: [Span]
    /// Whether the sender knows all about the trace, so that its info counts before what spans tell.
    public var isFinal: Bool

    /// Makes a part.
    public init(info: TraceInfo, spans: [Span], isFinal: Bool = false) {
        self.info = info
        self.spans = spans
        self.isFinal = isFinal
    }
}

/// A trace as it is kept.
public struct StoredTrace: Sendable {
    /// What is known of it.
    public var info: TraceInfo
    /// Its spans, the root first and then in the order of their start; nil where nobody asked for them.
    public var spans: [Span]?
    /// What was said of it and of its spans.
    public var assessments: [Assessment]
    /// The runs that it is linked to.
    public var runIDs: [PublicID]

    /// Makes a trace.
    public init(info: TraceInfo, spans: [Span]?, assessments: [Assessment] = [], runIDs: [PublicID] = []) {
        self.info = info
        self.spans = spans
        self.assessments = assessments
        self.runIDs = runIDs
    }
}

/// What is searched among traces.
public struct TraceSearch: Sendable {
    /// The experiments that are looked at; nil for all.
    public var experimentIDs: [Int64]?
    /// The conditions.
    public var filter: SearchFilter
    /// The order; the newest come first where it is empty.
    public var order: [SearchOrder]
    /// How many results a page has.
    public var limit: Int
    /// What a page before gave for this one.
    public var token: String?
    /// Words that must all occur in the trace's spans, whatever their case; nil for none.
    ///
    /// `word*` stands for all that begin so.
    public var text: String?

    /// Makes a search.
    public init(
        experimentIDs: [Int64]?,
        filter: SearchFilter = SearchFilter(),
        order: [SearchOrder] = [],
        limit: Int = 100,
        token: String? = nil,
        text: String? = nil
    ) {
        self.experimentIDs = experimentIDs
        self.filter = filter
        self.order = order
        self.limit = limit
        self.token = token
        self.text = text
    }
}

/// Which traces are deleted.
public enum TraceSelection: Sendable {
    /// These.
    case ids([PublicID])
    /// Those up to a time in milliseconds since 1970, the oldest first, at most so many.
    case upTo(milliseconds: Int64, most: Int)
}

/// Tells of spans what is known of their trace: the wire's own words for state, tokens and previews.
public typealias TraceSummary = @Sendable (_ known: TraceInfo, _ spans: [Span]) -> TraceInfo

/// Keeps traces.
public protocol TraceStore: Sendable {
    /// Keeps parts of traces; a span that is there already is replaced, a part that is there already changes nothing.
    ///
    /// - Parameters:
    ///   - parts: The parts.
    ///   - run: The run that the traces belong to.
    ///   - summary: Tells of all spans of a trace what is known of it.
    /// - Throws: `missing`, if there is no such experiment or run.
    func ingest(_ parts: [TracePart], run: PublicID?, summary: @escaping TraceSummary) async throws

    /// Traces by their ids, in the order of the ids; those that aren't there are left out.
    func traces(_ ids: [PublicID], withSpans: Bool) async throws -> [StoredTrace]

    /// A page of a search.
    func searchTraces(_ search: TraceSearch) async throws -> ResultPage<StoredTrace>

    /// Takes traces into the index of words that aren't there yet; searches for words do it too.
    ///
    /// - Parameter limit: How many parts at most.
    /// - Returns: How many were taken; 0 once there are none.
    /// - Throws: Why the store can't be used.
    func indexTraceWords(limit: Int) async throws -> Int

    /// Sets a tag.
    ///
    /// - Throws: `missing`, if there is no such trace.
    func setTraceTag(_ id: PublicID, key: String, value: String) async throws

    /// Takes a tag away.
    ///
    /// - Throws: `missing`, if there is no such trace or tag.
    func deleteTraceTag(_ id: PublicID, key: String) async throws

    /// Deletes traces of an experiment with what was said of them; rows of evaluations stay with their run.
    ///
    /// - Returns: How many were deleted.
    func deleteTraces(_ selection: TraceSelection, experiment: Int64) async throws -> Int

    /// Links traces to a run; those that are linked stay so.
    ///
    /// - Throws: `missing`, if there is no such run.
    func link(_ traces: [PublicID], toRun run: PublicID) async throws
}

/// Keeps what people, judges and code say of traces.
public protocol FeedbackStore: Sendable {
    /// Keeps an assessment; one that overrides another makes that one invalid.
    ///
    /// - Throws: `missing`, if there is no such trace, or nothing to override.
    func add(_ assessment: Assessment) async throws -> Assessment

    /// An assessment of a trace.
    ///
    /// - Throws: `missing`.
    func assessment(_ id: PublicID, of trace: PublicID) async throws -> Assessment

    /// Changes an assessment.
    ///
    /// - Parameters:
    ///   - id: The assessment.
    ///   - trace: Its trace.
    ///   - change: What it becomes; it may refuse.
    /// - Returns: The assessment as it is then.
    /// - Throws: `missing`, if there is no such assessment; `invalid`, if it is a row's own ground truth.
    func revise(
        _ id: PublicID,
        of trace: PublicID,
        _ change: @escaping @Sendable (inout Assessment) throws -> Void
    ) async throws -> Assessment

    /// Takes an assessment away; what it overrode counts again.
    ///
    /// None of that id is no error.
    ///
    /// - Throws: `missing`, if there is no such trace.
    func deleteAssessment(_ id: PublicID, of trace: PublicID) async throws

    /// A page of what was said of traces, in the order in which the traces were stored.
    ///
    /// Ground truth that only rows of evaluations have isn't among it.
    func searchFeedback(_ search: FeedbackSearch) async throws -> ResultPage<Assessment>
}
