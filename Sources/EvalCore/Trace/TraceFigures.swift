// Figures over many traces, their spans or what was said of them: counts, latencies, tokens, costs; MLflow's trace metrics.

/// What figures are asked for.
public struct TraceFigureQuery: Sendable {
    /// What is counted.
    public enum View: String, Sendable, CaseIterable {
        case traces = "TRACES"
        case spans = "SPANS"
        case assessments = "ASSESSMENTS"
    }

    /// How values become one figure.
    public enum Aggregation: Sendable, Equatable {
        case count
        case sum
        case average
        case minimum
        case maximum
        /// Between 0 and 100, linear between the two nearest values (method 7 of Hyndman and Fan, 1996).
        case percentile(Double)
    }

    /// The experiments that are looked at.
    public var experimentIDs: [Int64]
    /// What is counted.
    public var view: View
    /// The figure: `trace_count`, `latency`, `input_tokens`, `total_cost`, `assessment_value` and others.
    public var metric: String
    /// How values become figures.
    public var aggregations: [Aggregation]
    /// What figures are told apart by: `trace_name`, `span_type`, `assessment_name` and others.
    public var dimensions: [String]
    /// Conditions; each is an equality.
    public var filter: SearchFilter
    /// The length of the intervals that figures are told apart by, in seconds; nil for none.
    public var intervalSeconds: Int64?
    /// The beginning, in milliseconds since 1970.
    public var startMilliseconds: Int64?
    /// The end, which doesn't count, in milliseconds since 1970.
    public var endMilliseconds: Int64?
    /// Which part is given.
    public var window: SearchWindow

    /// Asks for figures.
    public init(
        experimentIDs: [Int64],
        view: View,
        metric: String,
        aggregations: [Aggregation],
        dimensions: [String] = [],
        filter: SearchFilter = SearchFilter(),
        intervalSeconds: Int64? = nil,
        startMilliseconds: Int64? = nil,
        endMilliseconds: Int64? = nil,
        window: SearchWindow = SearchWindow(limit: 1000)
    ) {
        self.experimentIDs = experimentIDs
        self.view = view
        self.metric = metric
        self.aggregations = aggregations
        self.dimensions = dimensions
        self.filter = filter
        self.intervalSeconds = intervalSeconds
        self.startMilliseconds = startMilliseconds
        self.endMilliseconds = endMilliseconds
        self.window = window
    }
}

/// Figures of one group.
public struct TraceFigure: Sendable, Equatable {
    /// The beginning of the interval, in milliseconds since 1970; nil without intervals.
    public var bucketMilliseconds: Int64?
    /// The group's values, in the order of the query's dimensions; nil where a trace, span or assessment has none.
    public var dimensions: [String?]
    /// The figures in the order of the query's aggregations; nil where there was nothing to aggregate.
    public var values: [Double?]

    /// Makes figures.
    public init(bucketMilliseconds: Int64?, dimensions: [String?], values: [Double?]) {
        self.bucketMilliseconds = bucketMilliseconds
        self.dimensions = dimensions
        self.values = values
    }
}

/// Adds up traces.
public protocol TraceFigureStore: Sendable {
    /// Figures by interval and dimension, sorted by these.
    ///
    /// - Throws: `invalid`, if there is no such figure, dimension, or aggregation of it.
    func traceFigures(_ query: TraceFigureQuery) async throws -> SearchResult<TraceFigure>
}
