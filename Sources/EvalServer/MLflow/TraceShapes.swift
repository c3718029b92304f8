// What MLflow's calls about traces hold.

extension Shape {
    static let texts = Shape.map(.string)

    static let location = Shape.named(
        "TraceLocation",
        [Field("type"), Field("mlflow_experiment", .object([Field("experiment_id", required: true)]))]
    )

    static let assessment = Shape.named(
        "Assessment",
        [
            Field("assessment_id"), Field("assessment_name"), Field("trace_id"), Field("span_id"),
            Field("source", .object([Field("source_type"), Field("source_id")])), Field("create_time"),
            Field("last_update_time"), Field("feedback", .any), Field("expectation", .any),
            Field("issue", .object([Field("issue_name")])), Field("rationale"),
            Field("metadata", .texts), Field("overrides"), Field("valid", .boolean),
        ]
    )

    static let traceInfo = Shape.named(
        "TraceInfo",
        [
            Field("trace_id"), Field("client_request_id"), Field("trace_location", .location),
            Field("request_time"), Field("execution_duration"), Field("state"), Field("trace_metadata", .texts),
            Field("tags", .texts), Field("request_preview"), Field("response_preview"),
            Field("assessments", .list(.assessment)),
        ]
    )

    static let span = Shape.named(
        "Span",
        [
            Field("trace_id", .string, "16 bytes in base64"), Field("span_id", .string, "8 bytes in base64"),
            Field("parent_span_id"), Field("trace_state"), Field("name"), Field("kind", .any),
            Field("start_time_unix_nano", .integer), Field("end_time_unix_nano", .integer),
            Field("attributes", .list(.any)), Field("events", .list(.any)), Field("links", .list(.any)),
            Field("status", .object([Field("code"), Field("message")])),
        ]
    )

    static let trace = Shape.named("Trace", [Field("trace_info", .traceInfo), Field("spans", .list(.span))])
}

extension Field {
    init(_ name: String, _ shape: Shape, _ summary: String) { self.init(name, shape, required: false, summary) }
}
