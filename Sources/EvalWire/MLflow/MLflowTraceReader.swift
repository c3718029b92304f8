// Traces as the MLflow client writes them with `Trace.to_json()`: `info` and `data.spans`. Spans come in the form of
// MLflow 3 (identifiers in base64, attributes as texts of JSON) or in that of MLflow 2 (`context`, hexadecimal).
// It reads and never writes; what MLflow keeps for itself, such as artifact places, stays among the tags and metadata.

public import EvalCore
public import EvalJSON
internal import Foundation

/// Reads MLflow's trace JSON.
public struct MLflowTraceReader: TraceReader {
    /// Makes a reader.
    public init() {}

    /// Reads one trace.
    public func trace(_ json: JSON) throws(Diagnostic) -> TraceInJSON {
        let object = try Self.object(json)
        guard let info = object[key: "info"], info.kind == .object else {
            throw Self.malformed("it has no 'info'")
        }
        let spans =
            try (object[key: "data"]?[key: "spans"]).map { json throws(Diagnostic) in try Self.spans(json) } ?? []
        guard !spans.isEmpty else { throw Self.malformed("it has no span in 'data.spans'") }
        let metadata = info[key: "trace_metadata"] ?? info[key: "request_metadata"]
        var trace = Trace(
            id: Self.identifier(info),
            state: Self.state(info),
            requestTimeMilliseconds: Self.requestTime(info)
                ?? (spans.first.map { $0.startNanoseconds / 1_000_000 } ?? 0),
            durationMilliseconds: Self.duration(info),
            sessionID: metadata?[key: "mlflow.trace.session"]?.string,
            tags: Self.object(info[key: "tags"]),
            metadata: Self.object(metadata),
            spans: spans
        )
        // A trace whose spans don't tell may tell the whole.
        if trace.tokenUsage == nil, let usage = metadata?[key: "mlflow.trace.tokenUsage"].flatMap(Self.usage),
            let root = trace.spans.firstIndex(where: { $0.parentID == nil })
        {
            trace.spans[root].usage = usage
        }
        if trace.costUSD == nil, let cost = metadata?[key: "mlflow.trace.cost"].flatMap(Self.cost),
            let root = trace.spans.firstIndex(where: { $0.parentID == nil })
        {
            trace.spans[root].costUSD = cost
        }
        return TraceInJSON(trace: trace, expectations: Self.expectations(info))
    }

    private static func malformed(_ what: String) -> Diagnostic {
        Diagnostic(
            "the trace is not MLflow's trace JSON: \(what)",
            help: "`Trace.to_json()` of the MLflow client gives it."
        )
    }

    private static func object(_ json: JSON) throws(Diagnostic) -> JSON {
        if json.kind == .object { return json }
        guard let text = json.text else { throw malformed("it is \(json.kind.withArticle)") }
        let inner: JSON
        do throws(JSONError) {
            inner = try JSON(parsing: text)
        } catch {
            throw malformed(error.description)
        }
        guard inner.kind == .object else { throw malformed("its text holds \(inner.kind.withArticle)") }
        return inner
    }

    /// An object that has something.
    private static func object(_ json: JSON?) -> JSON? {
        guard let json, json.kind == .object, json.count > 0 else { return nil }
        return json
    }

    private static func identifier(_ info: JSON) -> PublicID {
        let word = info[key: "trace_id"]?.string ?? info[key: "request_id"]?.string ?? ""
        let digits = word.hasPrefix("tr-") ? String(word.dropFirst(3)) : word
        return PublicID(hexadecimal: digits) ?? .make()
    }

    private static func state(_ info: JSON) -> TraceState {
        (info[key: "state"] ?? info[key: "status"])?.string.flatMap(TraceState.init(rawValue:)) ?? .unspecified
    }

    private static func requestTime(_ info: JSON) -> Int64? {
        if let milliseconds = info[key: "timestamp_ms"]?.integer { return milliseconds }
        guard let value = info[key: "request_time"] else { return nil }
        if let milliseconds = value.integer { return milliseconds }
        guard let text = value.string else { return nil }
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? style.parse(text) else { return nil }
        return Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// `execution_duration_ms`, or protobuf's `"0.071s"`.
    private static func duration(_ info: JSON) -> Int64? {
        if let milliseconds = (info[key: "execution_duration_ms"] ?? info[key: "execution_time_ms"])?.integer {
            return milliseconds
        }
        guard let text = info[key: "execution_duration"]?.string, text.hasSuffix("s"),
            let seconds = Double(text.dropLast()), seconds.isFinite, abs(seconds) < 1e12
        else { return nil }
        return Int64((seconds * 1000).rounded())
    }

    /// The ground truth among the trace's assessments: the newest of a name counts.
    private static func expectations(_ info: JSON) -> JSON? {
        var members: [(String, JSON)] = []
        for assessment in info[key: "assessments"]?.elements ?? JSON.null.elements {
            guard let name = assessment[key: "assessment_name"]?.string,
                let expectation = assessment[key: "expectation"], assessment[key: "valid"]?.boolean != false
            else { continue }
            var value = expectation[key: "value"]
            if let serialized = expectation[key: "serialized_value"]?[key: "value"]?.text {
                value = try? JSON(parsing: serialized)
            }
            guard let value else { continue }
            members.removeAll { $0.0 == name }
            members.append((name, value))
        }
        return members.isEmpty ? nil : .object(members)
    }

    /// Token usage as an object, or as its text.
    static func usage(_ json: JSON) -> TokenUsage? {
        let value = unwrapped(json)
        guard let input = value[key: "input_tokens"]?.integer, let output = value[key: "output_tokens"]?.integer else {
            return nil
        }
        return TokenUsage(inputTokens: input, outputTokens: output, totalTokens: value[key: "total_tokens"]?.integer)
    }

    /// A cost as an object with `total_cost`, or as its text, in US dollars.
    static func cost(_ json: JSON) -> Double? {
        let value = unwrapped(json)
        return (value[key: "total_cost"] ?? value).number
    }

    /// Attributes are texts of JSON; what is no JSON is the text itself.
    static func unwrapped(_ json: JSON) -> JSON {
        guard let text = json.text else { return json }
        return (try? JSON(parsing: text)) ?? json
    }
}
