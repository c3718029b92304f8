// From the row of a case to the row of a scorer: what a data set would make of it, and spans of any kind.

internal import EvalCore
internal import EvalJSON

extension Row {
    /// Makes a row as the loop would; `inputs` may be left out, and `spans` are the trace's beside its root.
    ///
    /// - Throws: What a record can't have.
    init(case given: JSON) throws(Diagnostic) {
        var members = given.members.map { (String($0.key), $0.value) }.filter { $0.0 != "spans" }
        if given["inputs"]?.unlessNull == nil {
            members.removeAll { $0.0 == "inputs" }
            members.append(("inputs", [:]))
        }
        let record = try Record(row: .object(members))
        var trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
        if let spans = given["spans"] {
            trace.spans += spans.elements.enumerated().map { Span(case: $0.element, number: $0.offset) }
        }
        self.init(record: record, outputs: record.outputs, trace: trace)
    }
}

extension Span {
    /// A span of a case: `{"id", "parent", "name", "type", "status", "start_ns", "end_ns", "inputs", …}`, all optional.
    fileprivate init(case given: JSON, number: Int) {
        self.init(
            id: given["id"]?.integer.map { UInt64(bitPattern: $0) } ?? UInt64(1000 + number),
            parentID: given["parent"]?.integer.map { UInt64(bitPattern: $0) },
            name: given["name"]?.string ?? "",
            type: SpanType(rawValue: given["type"]?.string ?? "UNKNOWN"),
            startNanoseconds: given["start_ns"]?.integer ?? 0,
            endNanoseconds: given["end_ns"]?.integer,
            status: given["status"]?.string.flatMap(SpanStatus.init(rawValue:)) ?? .unset,
            inputs: given["inputs"],
            outputs: given["outputs"],
            attributes: given["attributes"],
            events: (given["events"]?.elements)
                .map { events in
                    events.map { SpanEvent(name: $0["name"]?.string ?? "", timestampNanoseconds: 0, attributes: $0) }
                } ?? []
        )
    }
}
