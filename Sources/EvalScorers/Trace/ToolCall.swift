// Calls of tools, made and expected, and what sets two lists of them apart.

internal import EvalCore
internal import EvalJSON

/// One call of a tool.
struct ToolCall {
    let name: String
    /// An object; nil where an expected call says nothing of its arguments.
    let arguments: JSON?

    /// The calls of a trace in the order of their starts.
    static func made(_ trace: Trace) -> [ToolCall] {
        trace.spans.filter { $0.type == .tool }
            .map { span in
                // Pydantic AI keeps the tool's name in what goes into the span.
                let name = span.inputs?[key: "call"]?[key: "tool_name"]?.string ?? span.name
                return ToolCall(name: name, arguments: span.inputs?.unlessNull ?? [:])
            }
    }

    /// The calls that a row expects.
    ///
    /// - Throws: What is missing or of the wrong type.
    static func expected(_ row: Row) throws(ScorerError) -> [ToolCall] {
        let path = "expectations.expected_tool_calls"
        let list = try row.neededExpectation("expected_tool_calls", path)
        guard list.kind == .array else { throw .fieldType(path, expected: "an array", found: list.kind) }
        var calls: [ToolCall] = []
        for element in list.elements {
            guard let name = element[key: "name"]?.string else {
                throw ScorerError(code: "field_type", message: "a call in '\(path)' is no object with a text 'name'")
            }
            let arguments = element[key: "arguments"]?.unlessNull
            if let arguments, arguments.kind != .object {
                throw .fieldType("\(path).arguments", expected: "an object", found: arguments.kind)
            }
            calls.append(ToolCall(name: name, arguments: arguments))
        }
        return calls
    }

    private func isSame(_ other: ToolCall, _ comparesArguments: Bool) -> Bool {
        name == other.name && (!comparesArguments || arguments == other.arguments)
    }

    /// What is missing and what is too much, whatever the order; nil if nothing is.
    static func difference(_ made: [ToolCall], _ expected: [ToolCall], comparingArguments: Bool) -> String? {
        // Calls are few; a dictionary would need a hash of their arguments.
        var unexpected = made
        var missing: [ToolCall] = []
        for call in expected {
            if let place = unexpected.firstIndex(where: { call.isSame($0, comparingArguments) }) {
                unexpected.remove(at: place)
            } else {
                missing.append(call)
            }
        }
        var changed: [String] = []
        for call in missing {
            guard let place = unexpected.firstIndex(where: { $0.name == call.name }) else { continue }
            changed.append(call.name)
            unexpected.remove(at: place)
        }
        var absent = missing.map(\.name)
        for name in changed { absent.firstIndex(of: name).map { _ = absent.remove(at: $0) } }
        let parts = [
            ("missing", absent), ("unexpected", unexpected.map(\.name)), ("with other arguments", changed),
        ]
        let words = parts.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    /// The first place at which two lists differ; nil if there is none.
    static func differenceInOrder(_ made: [ToolCall], _ expected: [ToolCall], comparingArguments: Bool) -> String? {
        for (place, call) in expected.enumerated() {
            guard place < made.count else { return "call \(place + 1): \(call.name) is missing" }
            if made[place].name != call.name {
                return "call \(place + 1): \(made[place].name) in place of \(call.name)"
            }
            if !made[place].isSame(call, comparingArguments) {
                return "call \(place + 1): \(call.name) with other arguments"
            }
        }
        return made.count == expected.count
            ? nil : "call \(expected.count + 1): \(made[expected.count].name) is unexpected"
    }
}
