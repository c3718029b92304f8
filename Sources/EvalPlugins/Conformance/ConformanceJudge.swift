// The judge of the checks: replies that fit the question's schema, that were scripted, that are odd, or none.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// A judge without a model.
final class ConformanceJudge: JudgeClient {
    enum Manner: Sendable {
        /// An object that fits the schema, with texts and numbers that count up.
        case fitting
        /// Always this.
        case scripted(JSON)
        /// No reply, with this code.
        case failing(String)
    }

    let model = "scripted"
    let concurrency: Int
    private let state: Mutex<(manner: Manner, questions: [JudgeQuestion])>

    init(_ manner: Manner = .fitting, concurrency: Int = 1) {
        self.concurrency = concurrency
        state = Mutex((manner, []))
    }

    var manner: Manner {
        get { state.withLock { $0.manner } }
        set { state.withLock { $0.manner = newValue } }
    }

    /// The first questions that were put.
    var questions: [JudgeQuestion] { state.withLock { $0.questions } }

    func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer {
        let manner = state.withLock { state in
            if state.questions.count < 64 { state.questions.append(question) }
            return state.manner
        }
        switch manner {
        case .fitting: return JudgeAnswer(reply: Self.fitting(question.schema), model: model)
        case .scripted(let reply): return JudgeAnswer(reply: reply, model: model)
        case .failing(let code): throw ScorerError(code: code, message: "the judge doesn't answer")
        }
    }

    /// A value that fits a schema, as far as schemas of judges go.
    static func fitting(_ schema: JSON, depth: Int = 0) -> JSON {
        if depth > 8 { return .null }
        if let first = schema["enum"]?[0] { return first }
        if let value = schema["const"] { return value }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let first = schema[key]?[0] { return fitting(first, depth: depth + 1) }
        }
        switch schema["type"]?.string ?? schema["type"]?[0]?.string ?? "" {
        case "object":
            let properties = schema["properties"]?.members.map { (String($0.key), $0.value) } ?? []
            return .object(properties.map { ($0.0, fitting($0.1, depth: depth + 1)) })
        case "array": return .array(schema["items"].map { [fitting($0, depth: depth + 1)] } ?? [])
        case "integer": return schema["minimum"]?.integer.map { JSON($0) } ?? 1
        case "number": return schema["minimum"]?.number.map { JSON($0) } ?? 0.5
        case "boolean": return true
        case "null": return .null
        default: return depth == 0 ? ["result": "yes", "rationale": "So it is."] : "So it is."
        }
    }

    /// Replies that no schema asks for.
    static let oddReplies: [JSON] = [
        [:], ["result": nil], ["result": []], ["result": ["deep": [["deeper": [[[]]]]]]], ["result": -1],
        ["result": "\u{0}"], ["rationale": JSON(String(repeating: "a", count: 200_000)), "result": "yes"],
        ["rationale": 12, "result": 9_007_199_254_740_993], ["": ""],
        ["result": "yes", "rationale": "\u{1F600}\u{0301}"],
        ["result": "no such label", "tone": "no such tone", "score": 1e308, "rationale": nil],
        .object((0..<500).map { ("key\($0)", JSON($0)) }),
        .object([("result", JSON(#"quote " backslash \ "#)), ("rationale", JSON("{\"result\": \"no\"}"))]),
    ]
}
