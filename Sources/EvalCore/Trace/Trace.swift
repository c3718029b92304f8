// What happened for one request: a tree of spans.

public import EvalJSON

/// How a trace ended; MLflow's `TraceState`.
public enum TraceState: String, Sendable, CaseIterable {
    case unspecified = "STATE_UNSPECIFIED"
    case ok = "OK"
    case error = "ERROR"
    case inProgress = "IN_PROGRESS"
}

/// What happened for one request.
public struct Trace: Sendable {
    /// The trace's identifier, `tr-` and 32 digits outside.
    public var id: PublicID
    /// How it ended.
    public var state: TraceState
    /// When the request came, in milliseconds since 1970.
    public var requestTimeMilliseconds: Int64
    /// How long it took, in milliseconds; nil where nobody measured.
    public var durationMilliseconds: Int64?
    /// The conversation that it belongs to.
    public var sessionID: String?
    /// Words of the person's own: an object of strings.
    public var tags: JSON?
    /// What is known about it: an object of strings.
    public var metadata: JSON?
    /// The spans in the order of their start; the root first.
    public var spans: [Span]

    /// Makes a trace.
    public init(
        id: PublicID = .make(),
        state: TraceState = .ok,
        requestTimeMilliseconds: Int64,
        durationMilliseconds: Int64? = nil,
        sessionID: String? = nil,
        tags: JSON? = nil,
        metadata: JSON? = nil,
        spans: [Span] = []
    ) {
        self.id = id
        self.state = state
        self.requestTimeMilliseconds = requestTimeMilliseconds
        self.durationMilliseconds = durationMilliseconds
        self.sessionID = sessionID
        self.tags = tags
        self.metadata = metadata
        self.spans = spans
    }

    /// The first span without a parent.
    public var root: Span? { spans.first { $0.parentID == nil } }
}

extension Trace {
    /// The tag of traces whose outputs came with their row.
    public static let pregeneratedTag = "evalhost.pregenerated"

    private static let onlyPregenerated: JSON = [pregeneratedTag: "true"]

    /// The trace of a row that brings its outputs: one CHAIN span without a duration, and a RETRIEVER and TOOL span
    /// for each shorthand of the row.
    ///
    /// - Parameters:
    ///   - record: The row.
    ///   - outputs: What the application answered.
    ///   - nowMilliseconds: The time, in milliseconds since 1970.
    /// - Returns: The trace.
    public static func pregenerated(_ record: Record, outputs: JSON?, nowMilliseconds: Int64) -> Trace {
        let now = nowMilliseconds * 1_000_000
        var spans = [
            Span(id: 1, name: "row", type: .chain, startNanoseconds: now, inputs: record.inputs, outputs: outputs)
        ]
        spans += shorthandSpans(record, startNanoseconds: now)
        var tags = onlyPregenerated
        if let own = record.tags {
            tags = .object(own.members.map { (String($0.key), $0.value) } + [(pregeneratedTag, JSON("true"))])
        }
        return Trace(
            requestTimeMilliseconds: nowMilliseconds,
            sessionID: record.sessionID.map { String($0) },
            tags: tags,
            spans: spans
        )
    }

    /// Puts the application's own trace below this one's root: its spans get numbers of their own, its session stays out.
    public mutating func graft(_ other: Trace?) {
        guard let other, let root else { return }
        let taken = Set(spans.map(\.id))
        var numbers: [UInt64: UInt64] = [:]
        var free = (taken.max() ?? 0) &+ 1
        for span in other.spans {
            var id = span.id
            if taken.contains(id) || id == 0 {
                while taken.contains(free) || other.spans.contains(where: { $0.id == free }) { free &+= 1 }
                id = free
                free &+= 1
            }
            numbers[span.id] = id
        }
        for var span in other.spans {
            span.id = numbers[span.id] ?? span.id
            span.parentID = span.parentID.flatMap { numbers[$0] } ?? root.id
            spans.append(span)
        }
    }

    /// The spans that `retrieved_documents` and `tool_calls` of a row stand for; children of span 1.
    public static func shorthandSpans(_ record: Record, startNanoseconds: Int64) -> [Span] {
        var spans: [Span] = []
        if let documents = record.retrievedDocuments {
            let outputs = JSON.array(documents.elements.map(retrieverDocument))
            spans.append(
                Span(
                    id: 2,
                    parentID: 1,
                    name: "retrieved_documents",
                    type: .retriever,
                    startNanoseconds: startNanoseconds,
                    inputs: record.inputs,
                    outputs: outputs
                )
            )
        }
        if let calls = record.toolCalls {
            var id: UInt64 = 3
            for call in calls.elements {
                spans.append(toolSpan(call, id: id, startNanoseconds: startNanoseconds))
                id += 1
            }
        }
        return spans
    }

    private static func toolSpan(_ call: JSON, id: UInt64, startNanoseconds: Int64) -> Span {
        Span(
            id: id,
            parentID: 1,
            name: call["name"]?.string ?? "tool",
            type: .tool,
            startNanoseconds: startNanoseconds,
            inputs: call["arguments"] ?? call["args"],
            outputs: call["output"]
        )
    }

    /// MLflow's form of a retrieved document: `page_content` and `metadata`, with the id at the top.
    private static func retrieverDocument(_ document: JSON) -> JSON {
        if document.kind == .string { return ["page_content": document] }
        var members: [(String, JSON)] = []
        if let content = document["content"] ?? document["page_content"] { members.append(("page_content", content)) }
        var metadata = document["metadata"].map { $0.members.map { (String($0.key), $0.value) } } ?? []
        if let score = document["score"] { metadata.append(("score", score)) }
        if !metadata.isEmpty { members.append(("metadata", .object(metadata))) }
        if let id = document["id"] { members.append(("id", id)) }
        return .object(members)
    }
}
