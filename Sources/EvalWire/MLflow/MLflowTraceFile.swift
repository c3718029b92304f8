// Whole traces of files: what the reader of rows leaves out, as a store keeps it.

public import EvalCore
public import EvalJSON

/// A trace of a file, with all that is known of it.
public struct TraceInFile: Sendable {
    /// What is known of it.
    public var info: TraceInfo
    /// Its spans.
    public var spans: [Span]
    /// What was said of it.
    public var assessments: [Assessment]
}

extension MLflowTraceReader {
    /// Reads one trace with its assessments, as `Trace.to_json()` of the MLflow client has it.
    ///
    /// - Parameters:
    ///   - json: The trace.
    ///   - experimentID: The experiment that it shall be kept in; the file's own is of another store.
    ///   - nowMilliseconds: The time for assessments without one, in milliseconds since 1970.
    /// - Returns: The trace.
    /// - Throws: What is wrong with it.
    public func whole(
        _ json: JSON,
        experimentID: Int64,
        nowMilliseconds: Int64
    ) throws(Diagnostic) -> TraceInFile {
        let trace = try trace(json).trace
        let object = json.kind == .object ? json : (json.text.flatMap { try? JSON(parsing: $0) } ?? json)
        let told = object[key: "info"] ?? .null
        // What older clients didn't write is summed up as the server does.
        var info = TraceRollup(trace.spans).info(id: trace.id, experimentID: experimentID)
        if trace.state != .unspecified { info.state = trace.state }
        info.requestTimeMilliseconds = trace.requestTimeMilliseconds
        info.durationMilliseconds = trace.durationMilliseconds ?? info.durationMilliseconds
        info.clientRequestID = told[key: "client_request_id"]?.string
        info.requestPreview = told[key: "request_preview"]?.string ?? info.requestPreview
        info.responsePreview = told[key: "response_preview"]?.string ?? info.responsePreview
        info.tags = Self.joined(trace.tags, info.tags)
        info.metadata = Self.joined(trace.metadata, info.metadata)
        var assessments: [Assessment] = []
        for (position, element) in (told[key: "assessments"]?.elements ?? JSON.null.elements).enumerated() {
            do throws(Diagnostic) {
                assessments.append(
                    try MLflowAssessmentJSON.read(element, traceID: trace.id, nowMilliseconds: nowMilliseconds)
                )
            } catch {
                var error = error
                error.message = "info.assessments[\(position)]: \(error.message)"
                throw error
            }
        }
        return TraceInFile(info: info, spans: trace.spans, assessments: assessments)
    }

    /// The texts of two objects; those of the first count where both have a key.
    private static func joined(_ first: JSON?, _ second: JSON?) -> JSON? {
        var members = (first?.members ?? JSON.null.members)
            .map { (String($0.key), $0.value.kind == .string ? $0.value : JSON($0.value.serialized)) }
        let keys = Set(members.map(\.0))
        for (key, value) in second?.members ?? JSON.null.members where !keys.contains(String(key)) {
            members.append((String(key), value))
        }
        return JSON.object(members).unlessEmpty
    }
}
