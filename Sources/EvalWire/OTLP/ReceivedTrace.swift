// What a request tells of one trace. More spans of it may have come before, and may come later.

public import EvalCore
public import EvalJSON

/// The spans of one trace in one request, and what they tell of the trace.
public struct ReceivedTrace: Sendable {
    /// The trace's identifier.
    public var id: PublicID
    /// The spans in the order in which they came.
    public var spans: [Span]
    /// What is known of the program that sent them, such as `service.name`: an object.
    public var resource: JSON?
    /// The instrumentation libraries that made the spans.
    public var scopeNames: [String]
    /// Tags of the trace: those that its root carries, and what is known of the program.
    public var tags: [(key: String, value: String)]
    /// Metadata of the trace: its session and its user.
    public var metadata: [(key: String, value: String)]

    /// The first span without a parent.
    public var root: Span? { spans.first { $0.parentID == nil } }

    /// Makes the spans of a trace.
    ///
    /// - Parameters:
    ///   - id: The trace's identifier.
    ///   - spans: The spans in the order in which they came.
    ///   - resource: What is known of the program that sent them: an object.
    ///   - scopeNames: The instrumentation libraries that made the spans.
    ///   - tags: Tags of the trace.
    ///   - metadata: Metadata of the trace.
    public init(
        id: PublicID,
        spans: [Span],
        resource: JSON? = nil,
        scopeNames: [String] = [],
        tags: [(key: String, value: String)] = [],
        metadata: [(key: String, value: String)] = []
    ) {
        self.id = id
        self.spans = spans
        self.resource = resource
        self.scopeNames = scopeNames
        self.tags = tags
        self.metadata = metadata
    }
}
