// Calls of tools: those that were made, those that are expected, and the tools that there were.

internal import EvalCore
internal import EvalJSON

/// One call of a tool.
struct Call: Equatable {
    let name: String
    /// What went in; nil where an expected call says nothing of it.
    let arguments: JSON?
    /// What came out; nil for expected calls.
    var outputs: JSON?
    /// What went wrong.
    var failure: String?

    /// The calls of a trace in the order of their starts.
    static func made(_ trace: Trace) -> [Call] {
        trace.spans.filter { $0.type == .tool }
            .sorted { $0.startNanoseconds < $1.startNanoseconds }
            .map { span in
                Call(
                    // Pydantic AI keeps the tool's name in what goes into the span.
                    name: span.inputs?[key: "call"]?[key: "tool_name"]?.string ?? span.name,
                    arguments: span.inputs?.unlessNull ?? [:],
                    outputs: span.outputs?.unlessNull,
                    failure: span.status == .error ? span.statusMessage ?? "failed" : nil
                )
            }
    }

    /// The calls that a row expects; nil where it says nothing of them.
    ///
    /// - Throws: What is of the wrong type.
    static func expected(_ row: Row) throws(ScorerError) -> [Call]? {
        let path = "expectations.expected_tool_calls"
        guard let list = row.expectation("expected_tool_calls") else { return nil }
        guard list.kind == .array else { throw .fieldType(path, expected: "an array", found: list.kind) }
        var calls: [Call] = []
        for element in list.elements {
            guard let name = element[key: "name"]?.string else {
                throw ScorerError(code: "field_type", message: "a call in '\(path)' is no object with a text 'name'")
            }
            let arguments = element[key: "arguments"]?.unlessNull
            if let arguments, arguments.kind != .object {
                throw .fieldType("\(path).arguments", expected: "an object", found: arguments.kind)
            }
            calls.append(Call(name: name, arguments: arguments))
        }
        return calls
    }

    /// The call as JSON, for the model.
    func json(withArguments: Bool = true) -> JSON {
        var members = [("name", JSON(name))]
        if withArguments, let arguments { members.append(("arguments", arguments)) }
        if let outputs { members.append(("outputs", outputs)) }
        if let failure { members.append(("error", JSON(failure))) }
        return .object(members)
    }

    /// The tools that the application's models were offered, each once.
    static func available(_ trace: Trace) -> [JSON] {
        var tools: [JSON] = []
        for span in trace.spans where span.type == .llm || span.type == .chatModel {
            var list = span.attributes?["mlflow.chat.tools"] ?? span.inputs?[key: "tools"] ?? .null
            if let text = list.text, let parsed = try? JSON(parsing: text) { list = parsed }
            for tool in list.elements where !tools.contains(tool) { tools.append(tool) }
        }
        return tools
    }
}

extension Evidence {
    /// Adds the calls of a row as blocks `call_1`, `call_2` and so on, and the tools that there were as `tools`.
    mutating func add(callsOf trace: Trace) {
        let tools = Call.available(trace)
        add("tools", tools.isEmpty ? "(not recorded)" : JSON.array(tools).serialized)
        let calls = Call.made(trace)
        if calls.isEmpty { add("calls", "(no tool was called)") }
        for (place, call) in calls.enumerated() { add("call_\(place + 1)", call.json().serialized) }
    }
}
