// A record of a data set: one row of JSON with known keys.

public import EvalJSON

/// One row of a data set: what the application is asked, what is expected, and possibly what it answered.
///
/// `inputs` or `trace` is there; any other key than ``keys`` is an error that names the nearest word.
public struct Record: Sendable {
    /// The keys that a row may have.
    public static let keys = [
        "inputs", "outputs", "expectations", "trace", "tags", "source", "session_id", "id", "retrieved_documents",
        "tool_calls",
    ]

    /// The parts, behind one reference: records are copied on the hot path.
    private let parts: Parts

    private final class Parts: Sendable {
        let row: JSON
        let inputs: JSON?
        let outputs: JSON?
        let expectations: JSON?
        let trace: JSON?
        let tags: JSON?
        let retrievedDocuments: JSON?
        let toolCalls: JSON?
        let sessionID: Text?
        let id: Text?

        init(_ row: JSON, _ found: Found) {
            self.row = row
            inputs = found.inputs
            outputs = found.outputs
            expectations = found.expectations
            trace = found.trace
            tags = found.tags
            retrievedDocuments = found.retrievedDocuments
            toolCalls = found.toolCalls
            sessionID = found.sessionID
            id = found.id
        }
    }

    /// The whole row as it was given.
    public var row: JSON { parts.row }
    /// What the application is asked: an object.
    public var inputs: JSON? { parts.inputs }
    /// What the application answered, if the row brings it; a JSON null is an answer that is missing.
    public var outputs: JSON? { parts.outputs }
    /// What a good answer has: an object.
    public var expectations: JSON? { parts.expectations }
    /// What happened, in MLflow's trace JSON: an object, or its text.
    public var trace: JSON? { parts.trace }
    /// Words of the person's own: an object of strings.
    public var tags: JSON? { parts.tags }
    /// Documents that the application retrieved: `{id?, content, score?}`.
    public var retrievedDocuments: JSON? { parts.retrievedDocuments }
    /// Tools that the application called.
    public var toolCalls: JSON? { parts.toolCalls }
    /// The conversation that the row is a turn of.
    public var sessionID: Text? { parts.sessionID }
    /// The person's own name of the row.
    public var id: Text? { parts.id }

    /// Takes a row apart.
    ///
    /// - Throws: Which key is unknown, missing or of the wrong type.
    public init(row: JSON) throws(Diagnostic) {
        guard row.kind == .object else {
            throw Diagnostic("a row is a JSON object, this is \(row.kind.withArticle)")
        }
        var found = Found()
        for (key, value) in row.members { try found.take(key, value) }
        guard found.inputs != nil || found.trace != nil else {
            throw Diagnostic("the row has no 'inputs'", help: #"A row looks like {"inputs": {"question": "…"}, …}."#)
        }
        parts = Parts(row, found)
    }

    /// Makes a record from its parts.
    ///
    /// - Parameters:
    ///   - inputs: What the application is asked: an object.
    ///   - outputs: What it answered, unless it is still to be asked.
    ///   - expectations: What a good answer has: an object.
    ///   - id: The person's own name of the row.
    /// - Throws: Which part is of the wrong type.
    public init(inputs: JSON, outputs: JSON? = nil, expectations: JSON? = nil, id: String? = nil) throws(Diagnostic) {
        var members: [(String, JSON)] = []
        if let id { members.append(("id", JSON(id))) }
        members.append(("inputs", inputs))
        if let outputs { members.append(("outputs", outputs)) }
        if let expectations { members.append(("expectations", expectations)) }
        try self.init(row: .object(members))
    }

    /// The record with what its trace tells of inputs, outputs and expectations, where it has none of its own.
    public func filled(from told: TraceInJSON) -> Record {
        let root = told.trace.root
        var members = row.members.map { (String($0.key), $0.value) }.filter { !$0.1.isNull }
        if inputs == nil {
            let inputs = root?.inputs ?? [:]
            // What is not an object still is what went in.
            members.append(("inputs", inputs.kind == .object ? inputs : ["input": inputs]))
        }
        if outputs == nil, let outputs = root?.outputs { members.append(("outputs", outputs)) }
        if expectations == nil, let expectations = told.expectations {
            members.append(("expectations", expectations))
        }
        if sessionID == nil, let session = told.trace.sessionID { members.append(("session_id", JSON(session))) }
        return (try? Record(row: .object(members))) ?? self
    }

    /// SHA-256 of the canonical row and of its inputs, with one writing of the canonical text.
    ///
    /// A record without inputs has the digest of its trace in their place.
    public func digests(using writer: inout JSONWriter) -> (record: Digest, inputs: Digest) {
        writer.bytes.removeAll(keepingCapacity: true)
        var range = 0..<0
        writer.writeCanonical(row) { key, where_ in
            if key.equals("inputs") || (range.isEmpty && key.equals("trace")) { range = where_ }
        }
        return (Digest(of: writer.bytes), Digest(of: writer.bytes[range]))
    }
}

/// The parts of a row while it is taken apart.
private struct Found {
    var inputs: JSON?
    var outputs: JSON?
    var expectations: JSON?
    var trace: JSON?
    var tags: JSON?
    var retrievedDocuments: JSON?
    var toolCalls: JSON?
    var sessionID: Text?
    var id: Text?

    mutating func take(_ key: Text, _ value: JSON) throws(Diagnostic) {
        switch key.count {
        case 6 where key.equals("inputs"): inputs = try Self.object(value, "inputs")
        case 7 where key.equals("outputs"): outputs = value.unlessNull
        case 12 where key.equals("expectations"): expectations = try Self.object(value, "expectations")
        case 4 where key.equals("tags"): tags = try Self.object(value, "tags")
        case 2 where key.equals("id"): id = try Self.text(value, "id")
        case 10 where key.equals("session_id"): sessionID = try Self.text(value, "session_id")
        case 10 where key.equals("tool_calls"): toolCalls = try Self.array(value, "tool_calls")
        case 19 where key.equals("retrieved_documents"):
            retrievedDocuments = try Self.array(value, "retrieved_documents")
        case 6 where key.equals("source"): break
        case 5 where key.equals("trace"): trace = try Self.trace(value)
        default: throw Self.unknown(String(key))
        }
    }

    private static func object(_ value: JSON, _ key: String) throws(Diagnostic) -> JSON? {
        if value.isNull { return nil }
        guard value.kind == .object else {
            throw Diagnostic("'\(key)' must be an object, this is \(value.kind.withArticle)")
        }
        return value
    }

    private static func trace(_ value: JSON) throws(Diagnostic) -> JSON? {
        switch value.kind {
        case .null: return nil
        case .object, .string: return value
        default:
            throw Diagnostic(
                "'trace' must be MLflow's trace JSON, an object or its text; this is \(value.kind.withArticle)"
            )
        }
    }

    private static func array(_ value: JSON, _ key: String) throws(Diagnostic) -> JSON? {
        if value.isNull { return nil }
        guard value.kind == .array else {
            throw Diagnostic("'\(key)' must be an array, this is \(value.kind.withArticle)")
        }
        return value
    }

    private static func text(_ value: JSON, _ key: String) throws(Diagnostic) -> Text? {
        if value.isNull { return nil }
        guard let text = value.text else {
            throw Diagnostic("'\(key)' must be a string, this is \(value.kind.withArticle)")
        }
        return text
    }

    private static func unknown(_ key: String) -> Diagnostic {
        Diagnostic(
            "unknown key '\(key.prefix(64))' in the row",
            didYouMean: nearestWord(to: key, among: Record.keys),
            help: "A row has: \(Record.keys.joined(separator: ", "))."
        )
    }
}

extension JSON.Kind {
    /// The kind with its article, for messages.
    public var withArticle: String {
        switch self {
        case .null: "null"
        case .array, .integer, .object: "an \(rawValue)"
        default: "a \(rawValue)"
        }
    }
}
