// What is known of a trace as MLflow's JSON, in both directions, and whole traces on their way out. Identifiers of
// other systems, such as those of Databricks, are refused: ours have 128 bits.

public import EvalCore
public import EvalJSON

/// Writes and reads `trace_info`.
public enum MLflowTraceJSON {
    /// `trace` as `traces/get` has it: the info with its assessments, and the spans.
    ///
    /// - Parameters:
    ///   - info: What is known of the trace.
    ///   - assessments: Its assessments.
    ///   - spans: Its spans.
    /// - Returns: An object with `trace_info` and `spans`.
    public static func trace(_ info: TraceInfo, assessments: [Assessment], spans: [Span]) -> JSON {
        var builder = JSONBuilder()
        builder.beginObject()
        builder.key("trace_info")
        builder.append(self.info(info, assessments: assessments))
        if !spans.isEmpty {
            builder.key("spans")
            MLflowSpanJSON.append(spans, traceID: info.id, to: &builder)
        }
        builder.endObject()
        return builder.finish()
    }

    /// A whole trace as `Trace.to_json` of the client has it.
    ///
    /// - Parameters:
    ///   - info: What is known of the trace.
    ///   - assessments: Its assessments.
    ///   - spans: Its spans.
    /// - Returns: An object with `info` and `data`.
    public static func file(_ info: TraceInfo, assessments: [Assessment], spans: [Span]) -> JSON {
        var members = self.info(info, assessments: assessments).members.map { (String($0.key), $0.value) }
        members.removeAll { $0.0 == "execution_duration" }
        if let duration = info.durationMilliseconds { members.append(("execution_duration_ms", JSON(duration))) }
        return ["info": .object(members), "data": ["spans": MLflowSpanJSON.file(spans, traceID: info.id)]]
    }

    /// `trace_info` with the trace's assessments.
    ///
    /// - Parameters:
    ///   - info: What is known of the trace.
    ///   - assessments: Its assessments.
    /// - Returns: An object.
    public static func info(_ info: TraceInfo, assessments: [Assessment] = []) -> JSON {
        let members: [(String, JSON?)] = [
            ("trace_id", JSON(info.id.traceID)),
            ("client_request_id", info.clientRequestID.map { JSON($0) }),
            ("trace_location", location(info.experimentID)),
            ("request_time", JSON(WireTime.text(info.requestTimeMilliseconds))),
            ("execution_duration", info.durationMilliseconds.map { JSON(WireTime.text(duration: $0)) }),
            ("state", info.state == .unspecified ? Optional.none : JSON(info.state.rawValue)),
            ("trace_metadata", info.metadata),
            ("assessments", JSON.array(assessments.map(MLflowAssessmentJSON.object)).unlessEmpty),
            ("tags", info.tags),
            ("request_preview", info.requestPreview.map { JSON($0) }),
            ("response_preview", info.responsePreview.map { JSON($0) }),
        ]
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    private static func location(_ experiment: Int64) -> JSON {
        ["type": "MLFLOW_EXPERIMENT", "mlflow_experiment": ["experiment_id": JSON(String(experiment))]]
    }

    /// Reads `trace_info`, as clients send it when a trace's root ends.
    ///
    /// - Parameters:
    ///   - json: `trace_info`, or an object that has it, alone or within `trace`.
    ///   - nowMilliseconds: The time for assessments without one, in milliseconds since 1970.
    /// - Returns: The info, and the assessments that came with it.
    /// - Throws: What is wrong with it, and where.
    public static func readInfo(
        _ json: JSON,
        nowMilliseconds: Int64
    ) throws(Diagnostic) -> (info: TraceInfo, assessments: [Assessment]) {
        let inner = json[key: "trace"] ?? json
        let json = inner[key: "trace_info"] ?? inner
        guard json.kind == .object else { throw malformed("it is \(json.kind.withArticle), not an object") }
        let id = try traceID(json[key: "trace_id"], "trace_id")
        var info = TraceInfo(
            id: id,
            experimentID: try experiment(json[key: "trace_location"]),
            clientRequestID: try text(json, "client_request_id"),
            state: try state(json[key: "state"]),
            requestTimeMilliseconds: try time(json[key: "request_time"]) ?? nowMilliseconds,
            requestPreview: try text(json, "request_preview"),
            responsePreview: try text(json, "response_preview"),
            tags: try strings(json[key: "tags"], "tags"),
            metadata: try strings(json[key: "trace_metadata"], "trace_metadata")
        )
        if let duration = json[key: "execution_duration"]?.unlessNull {
            guard let milliseconds = duration.string.flatMap(WireTime.milliseconds(duration:)) else {
                throw malformed("execution_duration is no duration such as \"0.5s\"")
            }
            info.durationMilliseconds = milliseconds
        }
        var assessments: [Assessment] = []
        for (position, element) in (json[key: "assessments"]?.elements ?? JSON.null.elements).enumerated() {
            do throws(Diagnostic) {
                assessments.append(
                    try MLflowAssessmentJSON.read(element, traceID: id, nowMilliseconds: nowMilliseconds)
                )
            } catch {
                var error = error
                error.message = "assessments[\(position)]: \(error.message)"
                throw error
            }
        }
        return (info, assessments)
    }

    static func malformed(_ what: String) -> Diagnostic { Diagnostic("the trace's info is malformed: \(what)") }

    /// A trace's identifier: `tr-` and 32 hexadecimal digits.
    static func traceID(_ json: JSON?, _ field: String) throws(Diagnostic) -> PublicID {
        guard let word = json?.unlessNull else { throw malformed("it has no \(field)") }
        guard let text = word.string, text.hasPrefix("tr-"), let id = PublicID(hexadecimal: String(text.dropFirst(3)))
        else { throw malformed("\(field) is not tr- and 32 hexadecimal digits") }
        return id
    }

    private static func experiment(_ location: JSON?) throws(Diagnostic) -> Int64 {
        guard let value = location?[key: "mlflow_experiment"]?[key: "experiment_id"] else {
            throw malformed("it has no trace_location.mlflow_experiment.experiment_id")
        }
        guard let id = value.integer ?? value.string.flatMap({ Int64($0) }) else {
            throw malformed("trace_location.mlflow_experiment.experiment_id is no whole number")
        }
        return id
    }

    private static func state(_ json: JSON?) throws(Diagnostic) -> TraceState {
        guard let json = json?.unlessNull else { return .unspecified }
        guard let state = json.string.flatMap(TraceState.init(rawValue:)) else {
            let known = TraceState.allCases.map(\.rawValue).joined(separator: ", ")
            throw malformed("state is none of \(known)")
        }
        return state
    }

    private static func time(_ json: JSON?) throws(Diagnostic) -> Int64? {
        guard let json = json?.unlessNull else { return nil }
        guard let time = json.string.flatMap({ WireTime.milliseconds($0) }) else {
            throw malformed("request_time is no time such as \"2026-01-31T12:00:00.5Z\"")
        }
        return time
    }

    private static func text(_ json: JSON, _ field: String) throws(Diagnostic) -> String? {
        guard let value = json[field]?.unlessNull else { return nil }
        guard let text = value.string else { throw malformed("\(field) is \(value.kind.withArticle), not a string") }
        return text
    }

    /// An object of strings; nil where it has none.
    private static func strings(_ json: JSON?, _ field: String) throws(Diagnostic) -> JSON? {
        guard let json = json?.unlessNull else { return nil }
        guard json.kind == .object else { throw malformed("\(field) is \(json.kind.withArticle), not an object") }
        if let (key, value) = json.members.first(where: { $0.value.kind != .string }) {
            throw malformed("\(field) '\(key)' is \(value.kind.withArticle), not a string")
        }
        return json.unlessEmpty
    }
}
