// What is known of a trace without its spans.

public import EvalJSON

/// What is known of a trace without its spans; MLflow's `TraceInfo`.
public struct TraceInfo: Sendable {
    /// The trace's identifier.
    public var id: PublicID
    /// The experiment that it is kept in.
    public var experimentID: Int64
    /// The application's own name for the request.
    public var clientRequestID: String?
    /// How it ended.
    public var state: TraceState
    /// When the request came, in milliseconds since 1970.
    public var requestTimeMilliseconds: Int64
    /// How long it took, in milliseconds; nil while it runs or where nobody measured.
    public var durationMilliseconds: Int64?
    /// The beginning of what was asked, for lists.
    public var requestPreview: String?
    /// The beginning of what was answered, for lists.
    public var responsePreview: String?
    /// Words of the person's own, which may change: an object of strings.
    public var tags: JSON?
    /// What is known about it and stays: an object of strings.
    public var metadata: JSON?

    /// Makes an info.
    public init(
        id: PublicID,
        experimentID: Int64,
        clientRequestID: String? = nil,
        state: TraceState,
        requestTimeMilliseconds: Int64,
        durationMilliseconds: Int64? = nil,
        requestPreview: String? = nil,
        responsePreview: String? = nil,
        tags: JSON? = nil,
        metadata: JSON? = nil
    ) {
        self.id = id
        self.experimentID = experimentID
        self.clientRequestID = clientRequestID
        self.state = state
        self.requestTimeMilliseconds = requestTimeMilliseconds
        self.durationMilliseconds = durationMilliseconds
        self.requestPreview = requestPreview
        self.responsePreview = responsePreview
        self.tags = tags
        self.metadata = metadata
    }
}
