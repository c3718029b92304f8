// Why bytes are no request of OTLP, and how much of one is taken.

/// What is wrong with a request, and where.
public struct OTLPError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The field at fault in protobuf's names, such as `resource_spans[0].scope_spans[0].spans[3].trace_id`; empty for
    /// the request itself.
    public var path: String
    /// What is wrong with it, as the rest of a sentence: `has 7 bytes, not 16`.
    public var problem: String

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - path: The field at fault; empty for the request itself.
    ///   - problem: What is wrong with it, as the rest of a sentence.
    public init(_ path: String, _ problem: String) {
        self.path = path
        self.problem = problem
    }

    /// The sentence without its full stop.
    public var description: String { "\(path.isEmpty ? "the request" : path) \(problem)" }

    /// The same error, seen from the message around it.
    func within(_ outer: String) -> OTLPError {
        OTLPError(path.isEmpty ? outer : "\(outer).\(path)", problem)
    }
}

/// How much of a request is taken.
public struct OTLPLimits: Sendable {
    /// Spans of a request.
    public var spans = 100_000
    /// Attributes of a span, with those of its events and links, or of a resource.
    public var attributes = 10_000
    /// Events of a span.
    public var events = 10_000
    /// Links of a span.
    public var links = 10_000
    /// How deep lists and maps of an attribute's value are nested.
    public var depth = 100

    /// The limits that fit what applications send.
    public init() {}
}
