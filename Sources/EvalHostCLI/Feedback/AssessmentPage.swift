// Assessments for programs.

internal import EvalCore
internal import EvalJSON
internal import EvalReports

/// An assessment for programs.
enum AssessmentPage {
    /// An assessment as `traces show --format json` has it.
    static func json(_ assessment: Assessment) -> JSON {
        var members: [(String, JSON)] = [
            ("assessment_id", JSON("a-" + assessment.id.hexadecimal)),
            ("name", JSON(assessment.name)),
            ("source", ["type": JSON(assessment.source.kind.rawValue), "id": JSON(assessment.source.id)]),
            ("rationale", assessment.rationale.map { JSON($0) } ?? .null),
            ("run_id", assessment.runID.map { JSON($0.hexadecimal) } ?? .null),
            ("span_id", assessment.spanID.map { JSON(TracePage.hexadecimal($0)) } ?? .null),
            ("metadata", assessment.metadata ?? .null),
            ("created", JSON(Times.rfc3339(assessment.createdMilliseconds))),
            ("overrides", assessment.overrides.map { JSON("a-" + $0.hexadecimal) } ?? .null),
            ("valid", JSON(assessment.isValid)),
        ]
        switch assessment.content {
        case .feedback(let value): members.append(("feedback", ["value": value.json]))
        case .failed(let error):
            members.append(("feedback", ["error": ["code": JSON(error.code), "message": JSON(error.message)]]))
        case .issue(let name): members.append(("issue", ["name": JSON(name)]))
        case .expectation(let value): members.append(("expectation", ["value": value]))
        }
        return .object(members)
    }
}
