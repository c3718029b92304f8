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

    /// The whole row as it was given.
    public let row: JSON
    /// What the application is asked: an object.
    public private(set) var inputs: JSON?
    /// What the application answered, if the row brings it; a JSON null is an answer that is missing.
    public private(set) var outputs: JSON?
    /// What a good answer has: an object.
    public private(set) var expectations: JSON?
    /// Words of the person's own: an object of strings.
    public private(set) var tags: JSON?
    /// Documents that the application retrieved: `{id?, content, score?}`.
    public private(set) var retrievedDocuments: JSON?
    /// Tools that the application called.
    public private(set) var toolCalls: JSON?
    /// The conversation that the row is a turn of.
    public private(set) var sessionID: Text?
    /// The person's own name of the row.
    public private(set) var id: Text?

    /// Takes a row apart.
    ///
    /// - Throws: Which key is unknown, missing or of the wrong type.
    public init(row: JSON) throws(Diagnostic) {
        self.row = row
        guard row.kind == .object else {
            throw Diagnostic("a row is a JSON object, this is \(row.kind.withArticle)")
        }
        for (key, value) in row.members {
            switch key.count {
            case 6 where key.equals("inputs"): inputs = try Self.object(value, "inputs")
            case 7 where key.equals("outputs"): outputs = value.isNull ? nil : value
            case 12 where key.equals("expectations"): expectations = try Self.object(value, "expectations")
            case 4 where key.equals("tags"): tags = try Self.object(value, "tags")
            case 2 where key.equals("id"): id = try Self.text(value, "id")
            case 10 where key.equals("session_id"): sessionID = try Self.text(value, "session_id")
            case 10 where key.equals("tool_calls"): toolCalls = try Self.array(value, "tool_calls")
            case 19 where key.equals("retrieved_documents"):
                retrievedDocuments = try Self.array(value, "retrieved_documents")
            case 6 where key.equals("source"): break
            case 5 where key.equals("trace"):
                throw Diagnostic(
                    "the key 'trace' is not supported yet",
                    help: "Give 'inputs' and 'outputs' instead; MLflow's traces in rows come with a later version."
                )
            default: throw Self.unknown(String(key))
            }
        }
        guard inputs != nil else {
            throw Diagnostic("the row has no 'inputs'", help: #"A row looks like {"inputs": {"question": "…"}, …}."#)
        }
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

    private static func object(_ value: JSON, _ key: String) throws(Diagnostic) -> JSON? {
        if value.isNull { return nil }
        guard value.kind == .object else {
            throw Diagnostic("'\(key)' must be an object, this is \(value.kind.withArticle)")
        }
        return value
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
            didYouMean: nearestWord(to: key, among: keys),
            help: "A row has: \(keys.joined(separator: ", "))."
        )
    }

    /// SHA-256 of the canonical row and of its inputs, with one writing of the canonical text.
    public func digests(using writer: inout JSONWriter) -> (record: Digest, inputs: Digest) {
        writer.bytes.removeAll(keepingCapacity: true)
        var range = 0..<0
        writer.writeCanonical(row) { key, where_ in
            if key.equals("inputs") { range = where_ }
        }
        return (Digest(of: writer.bytes), Digest(of: writer.bytes[range]))
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
