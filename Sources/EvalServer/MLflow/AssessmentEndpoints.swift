// MLflow's calls about feedback and expectations.

internal import EvalCore
internal import EvalJSON
internal import EvalWire

enum AssessmentEndpoints {
    private static let base = "/api/3.0/mlflow/traces/{trace_id}/assessments"
    private static let group = "Assessments"
    private static let reply = [Field("assessment", .assessment)]

    static func all(_ store: any FeedbackStore) -> [Endpoint] {
        [create(store), get(store), update(store), delete(store)]
    }

    private static func create(_ store: any FeedbackStore) -> Endpoint {
        Endpoint(
            .post,
            base,
            "Say something of a trace or span: feedback or an expectation",
            group: group,
            body: [Field("assessment", .assessment, required: true)],
            reply: reply
        ) { request in
            let assessment = try MLflowAssessmentJSON.read(
                request.arguments["assessment"] ?? .null,
                traceID: request.traceID(),
                nowMilliseconds: .now
            )
            return try .object([("assessment", MLflowAssessmentJSON.object(await store.add(assessment)))])
        }
    }

    private static func get(_ store: any FeedbackStore) -> Endpoint {
        Endpoint(.get, base + "/{assessment_id}", "Read an assessment", group: group, reply: reply) { request in
            let found = try await store.assessment(request.assessmentID(), of: request.traceID())
            return .object([("assessment", MLflowAssessmentJSON.object(found))])
        }
    }

    private static func update(_ store: any FeedbackStore) -> Endpoint {
        Endpoint(
            .patch,
            base + "/{assessment_id}",
            "Change the members of an assessment that `update_mask` names",
            group: group,
            body: [Field("assessment", .assessment, required: true), Field("update_mask", required: true)],
            reply: reply
        ) { request in
            let json = request.arguments["assessment"] ?? .null
            let mask = try request.required("update_mask").split(separator: ",").map { String($0) }
            let changed = try await store.revise(request.assessmentID(), of: request.traceID()) { assessment in
                for name in mask { try change(&assessment, name, json) }
            }
            return .object([("assessment", MLflowAssessmentJSON.object(changed))])
        }
    }

    private static func change(_ assessment: inout Assessment, _ name: String, _ json: JSON) throws {
        switch name {
        case "assessmentName", "assessment_name":
            guard let text = json[key: "assessment_name"]?.string, !text.isEmpty else {
                throw Refusal.invalid("An assessment's name can't be empty.")
            }
            assessment.name = text
        case "feedback", "expectation":
            let content = try MLflowAssessmentJSON.content(json)
            let isExpectation = if case .expectation = content { true } else { false }
            let wasExpectation = if case .expectation = assessment.content { true } else { false }
            guard isExpectation == wasExpectation else {
                throw Refusal.invalid(
                    "Cannot update \(name) value on \(wasExpectation ? "an Expectation" : "a Feedback") assessment."
                )
            }
            assessment.content = content
        case "rationale": assessment.rationale = json[key: "rationale"]?.string
        case "metadata": assessment.metadata = json[key: "metadata"]?.unlessNull
        case "valid": assessment.isValid = json[key: "valid"]?.boolean ?? true
        default:
            throw Refusal.invalid(
                "`update_mask` names `\(name)`; it may name assessmentName, feedback, expectation, rationale, metadata, valid."
            )
        }
    }

    private static func delete(_ store: any FeedbackStore) -> Endpoint {
        Endpoint(
            .delete,
            base + "/{assessment_id}",
            "Delete an assessment; what it overrode counts again",
            group: group
        ) { request in
            // One that was never there is as gone as it can be.
            guard let id = try? request.assessmentID() else { return .empty }
            try await store.deleteAssessment(id, of: request.traceID())
            return .empty
        }
    }
}

extension APIRequest {
    /// The assessment that is meant: `a-` and 32 digits.
    func assessmentID() throws(APIError) -> PublicID {
        let text = try required("assessment_id")
        guard text.hasPrefix("a-"), let id = PublicID(hexadecimal: String(text.dropFirst(2))) else {
            throw .missing("There is no assessment with the id '\(text.prefix(100))'.")
        }
        return id
    }
}
