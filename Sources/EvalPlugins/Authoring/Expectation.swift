// What a golden row expects, and how an answer differs from it.

internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// `expect` of a golden row.
struct Expectation {
    private let expected: JSON
    private var tolerance: Double { expected["tolerance"]?.number ?? 1e-9 }

    init(_ expected: JSON) { self.expected = expected }

    /// What was expected and what came instead; nil if that is the same.
    func difference(from verdict: Verdict) -> String? {
        if let code = expected["error"]?.string {
            if case .errored(let error) = verdict, error.code == code { return nil }
            return "expected the error \(code), got \(words(verdict))"
        }
        if expected["skipped"]?.boolean == true {
            if case .skipped = verdict { return nil }
            return "expected a skip, got \(words(verdict))"
        }
        var wanted = expected["feedback"]?.members.map { (Optional(String($0.key)), $0.value) } ?? []
        if let value = expected["value"] { wanted.insert((nil, value), at: 0) }
        if wanted.isEmpty { return "`expect` has neither value, feedback, error nor skipped" }
        for (name, value) in wanted {
            guard let found = verdict.values.first(where: { $0.name == name }) else {
                return "expected \(name ?? "a value") \(value), got \(words(verdict))"
            }
            if !isSame(found.value.json, value) {
                return "expected \(name ?? "the value") \(value), got \(found.value.json)"
            }
        }
        return nil
    }

    private func isSame(_ found: JSON, _ expected: JSON) -> Bool {
        if let a = found.number, let b = expected.number { return abs(a - b) <= tolerance }
        return found == expected
    }

    private func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .errored(let error): "the error \(error)"
        case .skipped(let reason): "a skip (\(reason))"
        case .feedback, .feedbacks:
            verdict.values.map { "\($0.name ?? "value") \($0.value.json)" }.joined(separator: ", ")
        }
    }
}

/// A judge that replies what a golden row says.
final class ScriptedJudge: JudgeClient {
    private let said = Mutex<JSON?>(nil)
    let model = "scripted"
    let concurrency = 1

    var reply: JSON? {
        get { said.withLock { $0 } }
        set { said.withLock { $0 = newValue } }
    }

    func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer {
        guard let reply else {
            throw ScorerError(code: "judge_unscripted", message: "the golden row has no `judge` that could reply")
        }
        return JudgeAnswer(reply: reply, model: model)
    }
}
