// Models for tests: one that says what a script says, one directory of them, rows and sessions in few words.

import EvalCore
import EvalJSON
import EvalJudges
import Synchronization
import Testing

/// A model that says what a script says, and remembers what it was asked.
final class ScriptedModel: ModelClient {
    typealias Script = @Sendable (ModelRequest) throws(ScorerError) -> ModelReply

    let name: ModelName
    let concurrency = 8
    private let script: Script
    private let asked = Mutex<[ModelRequest]>([])
    private let embedded = Mutex<[[String]]>([])

    init(_ name: String = "openai:/scripted", _ script: @escaping Script) throws {
        self.name = try ModelName(name)
        self.script = script
    }

    /// A model that always gives the same object.
    convenience init(_ name: String = "openai:/scripted", says object: JSON) throws {
        let model = try ModelName(name).model
        try self.init(name) { _ throws(ScorerError) in .object(object, model: model) }
    }

    /// A model that fails.
    convenience init(_ name: String = "openai:/scripted", failsWith error: ScorerError) throws {
        try self.init(name) { _ throws(ScorerError) in throw error }
    }

    /// What it was asked so far.
    var requests: [ModelRequest] { asked.withLock { $0 } }
    /// The texts that it was given to embed so far.
    var texts: [[String]] { embedded.withLock { $0 } }

    func ask(_ request: ModelRequest) async throws(ScorerError) -> ModelReply {
        asked.withLock { $0.append(request) }
        return try script(request)
    }

    /// A vector of the lengths of the words: enough to tell texts apart.
    func embed(_ texts: [String]) async throws(ScorerError) -> ModelEmbeddings {
        embedded.withLock { $0.append(texts) }
        let vectors = texts.map { text in
            [Float(text.split(separator: " ").count), text.contains("not") ? -1 : 1]
        }
        return ModelEmbeddings(vectors: vectors, model: name.model, costUSD: 0.5)
    }
}

extension ModelReply {
    static func object(
        _ object: JSON,
        model: String = "scripted",
        usage: TokenUsage? = TokenUsage(inputTokens: 100, outputTokens: 10),
        costUSD: Double? = 0.25,
        isFromCache: Bool = false
    ) -> ModelReply {
        ModelReply(
            text: object.serialized,
            object: object,
            model: model,
            usage: usage,
            costUSD: costUSD,
            isFromCache: isFromCache
        )
    }
}

/// A directory of scripted models; a judge that names none gets the first.
struct ScriptedDirectory: ModelDirectory {
    private let models: [ScriptedModel]

    init(_ models: [ScriptedModel]) { self.models = models }

    func client(for choice: ModelChoice) throws(Diagnostic) -> any ModelClient {
        let found = models.first { choice.model == nil || choice.model == $0.name.description }
        guard let found else { throw Diagnostic("there is no model") }
        return found
    }
}

extension UnboundJudge {
    /// The judge bound to scripted models.
    func bound(to models: ScriptedModel...) async throws -> any Scorer {
        try await bound(to: ScriptedDirectory(models) as any ModelDirectory)
    }
}

/// A judge as a test's argument, which is shown by its name.
struct Named: Sendable, CustomTestStringConvertible {
    let judge: any UnboundJudge
    var testDescription: String { judge.descriptor.name }

    init(_ judge: any UnboundJudge) { self.judge = judge }
}

extension Scorer {
    /// The verdict about one row.
    func verdict(_ row: Row) async throws -> Verdict { try #require(await score([row]).first) }

    /// The verdict about a session.
    func verdict(_ session: Session) async throws -> Verdict {
        try await #require(self as? any SessionScorer).score(session: session)
    }
}

extension Verdict {
    /// The error of a row that has none otherwise.
    var error: ScorerError? {
        if case .errored(let error) = self { return error }
        return nil
    }
}

extension Row {
    /// A row from its JSON; a shorthand of retrieved documents or calls becomes spans.
    init(_ json: JSON, repetition: Int = 0) throws {
        let record = try Record(row: json)
        let trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 1)
        self.init(record: record, outputs: record.outputs, trace: trace, repetition: repetition)
    }
}

extension Session {
    /// A session from its turns.
    init(_ turns: JSON...) throws {
        self.init(id: "s", turns: try turns.map { try Row($0) })
    }
}

extension ModelRequest {
    /// The blocks of data by their labels.
    var data: [String: String] {
        var found: [String: String] = [:]
        for case .data(let label, let text) in messages.flatMap(\.content) { found[label] = text }
        return found
    }

    /// Our own words.
    var words: String {
        messages.flatMap(\.content)
            .compactMap { content in
                if case .text(let text) = content { return text }
                return nil
            }
            .joined(separator: "\n")
    }

    /// The pictures.
    var images: [String] {
        messages.flatMap(\.content)
            .compactMap { content in
                if case .image(let url) = content { return url }
                return nil
            }
    }
}

extension JSON {
    /// The least reply that fits a schema: a word for every enumeration, `text` for every text, a bound for numbers.
    static func reply(to schema: JSON, word: String, text: String = "because") -> JSON {
        if let choices = schema["enum"] {
            return choices.elements.contains(JSON(word)) ? JSON(word) : choices[0] ?? .null
        }
        switch schema["type"]?.string {
        case "object":
            return .object(
                (schema["properties"] ?? [:]).members
                    .map { (String($0.key), reply(to: $0.value, word: word, text: text)) }
            )
        case "array": return .array([reply(to: schema["items"] ?? [:], word: word, text: text)])
        case "boolean": return JSON(word == "yes")
        case "number", "integer": return schema[word == "yes" ? "maximum" : "minimum"] ?? 0
        default: return JSON(text)
        }
    }
}

/// A model that gives the least reply that fits, with one word.
func model(saying word: String) throws -> ScriptedModel {
    try ScriptedModel { request throws(ScorerError) in
        .object(.reply(to: request.schema ?? [:], word: word))
    }
}
