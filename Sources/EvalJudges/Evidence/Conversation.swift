// A conversation as blocks: each turn's question, calls and answer in a block of its own, so that no turn can pretend
// to be another one.

internal import EvalCore
internal import EvalJSON

extension Evidence {
    /// Adds the turns of a session as blocks `turn_1_user`, `turn_1_assistant` and so on.
    ///
    /// - Parameters:
    ///   - session: The conversation.
    ///   - withCalls: Whether calls of tools are shown, as blocks `turn_1_call_1` and so on.
    /// - Throws: That there is nothing, or too much.
    mutating func add(_ session: Session, withCalls: Bool = false) throws(ScorerError) {
        guard session.turns.count <= 1000 else {
            throw ScorerError(code: "too_many", message: "the session has over 1,000 turns")
        }
        var hasWords = false
        for (place, turn) in session.turns.enumerated() {
            if let inputs = turn.record.inputs, inputs.count > 0 {
                add("turn_\(place + 1)_user", request: inputs)
                hasWords = true
            }
            if withCalls {
                for (number, call) in Call.made(turn.trace).enumerated() {
                    add("turn_\(place + 1)_call_\(number + 1)", call.json().serialized)
                }
            }
            if let outputs = turn.outputs, !outputs.isNull {
                add("turn_\(place + 1)_assistant", valueOf: outputs)
                hasWords = true
            }
        }
        guard hasWords else { throw .missingField("conversation") }
    }
}

extension Session {
    /// The first expectations that a turn has under a key; MLflow keeps a session's expectations on its first trace.
    var expectations: JSON? { turns.lazy.compactMap(\.record.expectations).first }
}
