// Assessments as MLflow's JSON, in both directions. MLflow keeps a feedback's value as protobuf's Value, and an
// expectation that is a list or an object as a text of JSON.

public import EvalCore
public import EvalJSON

/// Writes and reads assessments.
public enum MLflowAssessmentJSON {
    /// The metadata in which MLflow keeps the run of an assessment.
    static let runKey = "mlflow.assessment.sourceRunId"

    /// An assessment.
    public static func object(_ assessment: Assessment) -> JSON {
        var metadata = assessment.metadata?.members.map { (String($0.key), $0.value) } ?? []
        if let run = assessment.runID, !metadata.contains(where: { $0.0 == runKey }) {
            metadata.append((runKey, JSON(run.hexadecimal)))
        }
        let (kind, content) = content(assessment)
        let members: [(String, JSON?)] = [
            ("assessment_id", JSON("a-" + assessment.id.hexadecimal)),
            ("assessment_name", JSON(assessment.name)),
            ("trace_id", JSON(assessment.traceID.traceID)),
            ("span_id", assessment.spanID.map { JSON(MLflowSpanJSON.hexadecimal($0)) }),
            (
                "source",
                ["source_type": JSON(assessment.source.kind.rawValue), "source_id": JSON(assessment.source.id)]
            ),
            ("create_time", JSON(WireTime.text(assessment.createdMilliseconds))),
            ("last_update_time", JSON(WireTime.text(assessment.updatedMilliseconds))),
            (kind, content),
            ("rationale", assessment.rationale.map { JSON($0) }),
            ("metadata", JSON.object(metadata).unlessEmpty),
            ("overrides", assessment.overrides.map { JSON("a-" + $0.hexadecimal) }),
            ("valid", JSON(assessment.isValid)),
        ]
        return .object(members.compactMap { name, value in value.map { (name, $0) } })
    }

    private static func content(_ assessment: Assessment) -> (String, JSON) {
        switch assessment.content {
        case .feedback(let value): return ("feedback", ["value": value.json])
        case .failed(let error):
            var members: [(String, JSON)] = [("error_code", JSON(error.code))]
            if !error.message.isEmpty { members.append(("error_message", JSON(error.message))) }
            if let trace = error.stackTrace { members.append(("stack_trace", JSON(trace))) }
            return ("feedback", ["value": assessment.partialValue?.json ?? .null, "error": .object(members)])
        case .issue(let name): return ("issue", ["issue_name": JSON(name)])
        case .expectation(let value):
            guard value.kind == .array || value.kind == .object else { return ("expectation", ["value": value]) }
            let text: JSON = ["serialization_format": "JSON_FORMAT", "value": JSON(PythonText.of(value))]
            return ("expectation", ["serialized_value": text])
        }
    }

    /// Reads an assessment.
    ///
    /// - Parameters:
    ///   - json: The assessment, or an object that has it under `assessment`.
    ///   - traceID: The trace of the request, which the assessment's own must not contradict.
    ///   - nowMilliseconds: The time where it tells none, in milliseconds since 1970.
    /// - Returns: The assessment; it gets an identifier where it has none.
    /// - Throws: What is wrong with it.
    public static func read(
        _ json: JSON,
        traceID: PublicID,
        nowMilliseconds: Int64
    ) throws(Diagnostic) -> Assessment {
        let json = json[key: "assessment"] ?? json
        guard json.kind == .object else { throw malformed("it is \(json.kind.withArticle), not an object") }
        if let own = try text(json, "trace_id"), !own.isEmpty, own != traceID.traceID {
            throw malformed("trace_id is that of another trace")
        }
        guard let name = try text(json, "assessment_name"), !name.isEmpty else {
            throw malformed("it has no assessment_name")
        }
        let created = try time(json, "create_time") ?? nowMilliseconds
        var assessment = Assessment(
            id: try identifier(json, "assessment_id") ?? .make(),
            traceID: traceID,
            spanID: try spanID(json),
            name: name,
            content: try content(json),
            rationale: try text(json, "rationale"),
            source: try source(json),
            metadata: try metadata(json),
            createdMilliseconds: created,
            updatedMilliseconds: try time(json, "last_update_time") ?? created,
            overrides: try identifier(json, "overrides"),
            isValid: json[key: "valid"]?.boolean ?? true
        )
        assessment.runID = assessment.metadata?[runKey]?.string.flatMap(PublicID.init(hexadecimal:))
        if case .failed = assessment.content, let value = json[key: "feedback"]?[key: "value"]?.unlessNull {
            assessment.partialValue = self.value(value)
        }
        return assessment
    }

    /// Reads what an assessment says.
    ///
    /// - Parameter json: An assessment, or a part of one, with `feedback` or `expectation`.
    /// - Returns: What it says.
    /// - Throws: What is wrong with it.
    public static func content(_ json: JSON) throws(Diagnostic) -> Assessment.Content {
        let feedback = json[key: "feedback"]?.unlessNull
        let expectation = json[key: "expectation"]?.unlessNull
        if feedback == nil, expectation == nil, let issue = json[key: "issue"]?.unlessNull {
            return .issue(issue[key: "issue_name"]?.string ?? "")
        }
        switch (feedback, expectation) {
        case (let feedback?, nil):
            if let error = feedback[key: "error"]?.unlessNull {
                let code = error[key: "error_code"]?.string ?? "ASSESSMENT_ERROR"
                return .failed(
                    ScorerError(
                        code: code,
                        message: error[key: "error_message"]?.string ?? "",
                        stackTrace: error[key: "stack_trace"]?.string
                    )
                )
            }
            return .feedback(value(feedback[key: "value"] ?? .null))
        case (nil, let expectation?): return .expectation(try self.expectation(expectation))
        case (nil, nil): throw malformed("it has neither feedback nor expectation")
        case (_?, _?): throw malformed("it has both feedback and expectation")
        }
    }

    private static func value(_ json: JSON) -> FeedbackValue {
        switch json.kind {
        case .boolean: .boolean(json.boolean ?? false)
        case .integer: .integer(json.integer ?? 0)
        case .number: .number(json.number ?? 0)
        case .string: .text(json.string ?? "")
        case .null, .array, .object: .json(json)
        }
    }

    private static func expectation(_ json: JSON) throws(Diagnostic) -> JSON {
        guard let serialized = json[key: "serialized_value"]?.unlessNull else {
            guard let value = json[key: "value"] else { throw malformed("expectation has no value") }
            return value
        }
        guard serialized[key: "serialization_format"]?.string ?? "JSON_FORMAT" == "JSON_FORMAT" else {
            throw malformed("expectation.serialized_value.serialization_format is not JSON_FORMAT")
        }
        guard let text = serialized[key: "value"]?.string, let value = try? JSON(parsing: text) else {
            throw malformed("expectation.serialized_value.value holds no JSON")
        }
        return value
    }

    static func malformed(_ what: String) -> Diagnostic { Diagnostic("the assessment is malformed: \(what)") }
}

// Fields
extension MLflowAssessmentJSON {
    private static func source(_ json: JSON) throws(Diagnostic) -> AssessmentSource {
        guard let source = json[key: "source"]?.unlessNull else { return AssessmentSource(kind: .code, id: "default") }
        let id = try text(source, "source_id") ?? "default"
        switch (try text(source, "source_type") ?? "").uppercased() {
        case "HUMAN": return AssessmentSource(kind: .human, id: id)
        case "LLM_JUDGE", "AI_JUDGE": return AssessmentSource(kind: .judge, id: id)
        case "CODE", "SOURCE_TYPE_UNSPECIFIED", "": return AssessmentSource(kind: .code, id: id)
        default: throw malformed("source.source_type is none of HUMAN, LLM_JUDGE, CODE")
        }
    }

    private static func text(_ json: JSON, _ field: String) throws(Diagnostic) -> String? {
        guard let value = json[field]?.unlessNull else { return nil }
        guard let text = value.string else { throw malformed("\(field) is \(value.kind.withArticle), not a string") }
        return text
    }

    private static func identifier(_ json: JSON, _ field: String) throws(Diagnostic) -> PublicID? {
        guard let word = try text(json, field), !word.isEmpty else { return nil }
        guard word.hasPrefix("a-"), let id = PublicID(hexadecimal: String(word.dropFirst(2))) else {
            throw malformed("\(field) is not a- and 32 hexadecimal digits")
        }
        return id
    }

    private static func spanID(_ json: JSON) throws(Diagnostic) -> UInt64? {
        guard let word = try text(json, "span_id"), !word.isEmpty else { return nil }
        guard let id = WireSpan.id(word) else {
            throw malformed("span_id is not 16 hexadecimal digits")
        }
        return id
    }

    private static func time(_ json: JSON, _ field: String) throws(Diagnostic) -> Int64? {
        guard let word = try text(json, field) else { return nil }
        guard let time = WireTime.milliseconds(word) else {
            throw malformed("\(field) is no time such as \"2026-01-31T12:00:00.5Z\"")
        }
        return time
    }

    private static func metadata(_ json: JSON) throws(Diagnostic) -> JSON? {
        guard let metadata = json[key: "metadata"]?.unlessNull else { return nil }
        guard metadata.kind == .object else {
            throw malformed("metadata is \(metadata.kind.withArticle), not an object")
        }
        return metadata.unlessEmpty
    }
}
