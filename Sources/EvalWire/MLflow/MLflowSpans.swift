// The spans of MLflow's trace JSON.

internal import EvalCore
internal import EvalJSON
internal import Foundation

extension MLflowTraceReader {
    /// The spans in the order of their start, the root first.
    static func spans(_ json: JSON) throws(Diagnostic) -> [Span] {
        var spans: [Span] = []
        for (position, element) in json.elements.enumerated() {
            guard let span = span(element) else {
                throw Diagnostic("the trace is not MLflow's trace JSON: data.spans[\(position)] is malformed")
            }
            spans.append(span)
        }
        guard Set(spans.map(\.id)).count == spans.count else {
            throw Diagnostic("the trace is not MLflow's trace JSON: two spans have one id")
        }
        // A parent that is not there makes its child a root, as it does in trees that were cut.
        let known = Set(spans.map(\.id))
        for index in spans.indices {
            if let parent = spans[index].parentID, !known.contains(parent) { spans[index].parentID = nil }
        }
        return spans.sorted {
            ($0.parentID == nil ? 0 : 1, $0.startNanoseconds) < ($1.parentID == nil ? 0 : 1, $1.startNanoseconds)
        }
    }

    private static func span(_ json: JSON) -> Span? {
        let context = json[key: "context"]
        guard json.kind == .object, let name = json[key: "name"]?.string,
            let id = (json[key: "span_id"] ?? context?[key: "span_id"]).flatMap(number),
            let start = (json[key: "start_time_unix_nano"] ?? json[key: "start_time"]).flatMap(nanoseconds)
        else { return nil }
        let attributes =
            json[key: "attributes"]?.members.map { (key: String($0.key), value: unwrapped($0.value)) } ?? []
        func attribute(_ key: String) -> JSON? { attributes.first { $0.key == key }?.value }
        let taken: Set = [
            "mlflow.traceRequestId", "mlflow.spanType", "mlflow.spanInputs", "mlflow.spanOutputs",
            "mlflow.spanLogLevel",
        ]
        let rest = attributes.filter { key, value in
            // Details that the span's own fields have no room for stay.
            switch key {
            case Term.tokenUsage.key: !SpanTranslator.isPlain(value)
            case Term.llmCost.key: value.kind == .object && value.count > 1
            default: !taken.contains(key)
            }
        }
        return Span(
            id: id,
            parentID: (json[key: "parent_span_id"] ?? json[key: "parent_id"]).flatMap(number),
            name: name,
            type: SpanType(rawValue: attribute("mlflow.spanType")?.string ?? "UNKNOWN"),
            startNanoseconds: start,
            endNanoseconds: (json[key: "end_time_unix_nano"] ?? json[key: "end_time"]).flatMap(nanoseconds),
            status: status(json),
            statusMessage: message(json),
            inputs: attribute("mlflow.spanInputs"),
            outputs: attribute("mlflow.spanOutputs"),
            attributes: JSON.object(rest.map { ($0.key, $0.value) }).unlessEmpty,
            events: (json[key: "events"]?.elements ?? JSON.null.elements).compactMap(event),
            links: (json[key: "links"]?.elements ?? JSON.null.elements).compactMap(link),
            usage: attribute("mlflow.chat.tokenUsage").flatMap(usage),
            costUSD: attribute("mlflow.llm.cost").flatMap(cost)
        )
    }

    /// 64 bits in base64, or in hexadecimal with or without `0x`; nil for an empty text.
    private static func number(_ json: JSON) -> UInt64? {
        guard let text = json.string, !text.isEmpty else { return nil }
        if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16) }
        if text.utf8.count == 16, let number = UInt64(text, radix: 16) { return number }
        guard let bytes = Data(base64Encoded: text), bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A number, or protobuf's text of one.
    private static func nanoseconds(_ json: JSON) -> Int64? { json.integer ?? json.string.flatMap { Int64($0) } }

    private static func status(_ json: JSON) -> SpanStatus {
        let word = json[key: "status"]?[key: "code"]?.string ?? json[key: "status_code"]?.string ?? "UNSET"
        return SpanStatus(rawValue: word.hasPrefix("STATUS_CODE_") ? String(word.dropFirst(12)) : word) ?? .unset
    }

    private static func message(_ json: JSON) -> String? {
        let text = json[key: "status"]?[key: "message"]?.string ?? json[key: "status_message"]?.string
        return text?.isEmpty == false ? text : nil
    }

    private static func event(_ json: JSON) -> SpanEvent? {
        guard let name = json[key: "name"]?.string,
            let time = (json[key: "time_unix_nano"] ?? json[key: "timestamp"]).flatMap(nanoseconds)
        else { return nil }
        return SpanEvent(name: name, timestampNanoseconds: time, attributes: object(json[key: "attributes"]))
    }

    private static func link(_ json: JSON) -> SpanLink? {
        guard let trace = json[key: "trace_id"]?.string, let id = json[key: "span_id"].flatMap(number),
            let traceID = PublicID(hexadecimal: trace.hasPrefix("tr-") ? String(trace.dropFirst(3)) : trace)
        else { return nil }
        return SpanLink(traceID: traceID, spanID: id, attributes: object(json[key: "attributes"]))
    }

    private static func object(_ json: JSON?) -> JSON? {
        guard let json, json.kind == .object, json.count > 0 else { return nil }
        return json
    }
}
