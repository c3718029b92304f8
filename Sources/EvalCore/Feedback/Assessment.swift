// A judgement that is kept: feedback or ground truth on a trace or span, with its source and its history.

public import EvalJSON

/// Who judged; MLflow's `AssessmentSource`.
public struct AssessmentSource: Sendable, Equatable {
    /// What kind of judge.
    public enum Kind: String, Sendable, CaseIterable {
        case human = "HUMAN"
        case judge = "LLM_JUDGE"
        case code = "CODE"
    }

    /// What kind of judge.
    public var kind: Kind
    /// Who exactly: a person's name, a model, or `scorer@library version`.
    public var id: String

    /// Makes a source.
    public init(kind: Kind, id: String) {
        self.kind = kind
        self.id = id
    }
}

/// A judgement attached to a trace or to one of its spans.
public struct Assessment: Sendable {
    /// What is said.
    public enum Content: Sendable, Equatable {
        /// A value.
        case feedback(FeedbackValue)
        /// A failure to judge.
        case failed(ScorerError)
        /// Ground truth.
        case expectation(JSON)
        /// The trace has an issue, whose id is the assessment's name; this is what the issue is called.
        case issue(String)
    }

    /// The assessment's identifier, `a-` and 32 digits outside.
    public var id: PublicID
    /// The trace that is judged.
    public var traceID: PublicID
    /// The span that is judged; nil for the whole trace.
    public var spanID: UInt64?
    /// The run in which it was made; nil outside runs.
    public var runID: PublicID?
    /// What is judged: `correctness`, `expected_response` and others.
    public var name: String
    /// What is said.
    public var content: Content
    /// The value that was found in spite of a failure; nil for most.
    public var partialValue: FeedbackValue?
    /// Why.
    public var rationale: String?
    /// Who judged.
    public var source: AssessmentSource
    /// Details: an object.
    public var metadata: JSON?
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it was last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64
    /// The assessment that this one replaced, which is kept.
    public var overrides: PublicID?
    /// Whether it counts: one that was overridden does not.
    public var isValid: Bool

    /// Makes an assessment.
    public init(
        id: PublicID = .make(),
        traceID: PublicID,
        spanID: UInt64? = nil,
        runID: PublicID? = nil,
        name: String,
        content: Content,
        rationale: String? = nil,
        source: AssessmentSource,
        metadata: JSON? = nil,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64,
        overrides: PublicID? = nil,
        isValid: Bool = true
    ) {
        self.id = id
        self.traceID = traceID
        self.spanID = spanID
        self.runID = runID
        self.name = name
        self.content = content
        self.rationale = rationale
        self.source = source
        self.metadata = metadata
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
        self.overrides = overrides
        self.isValid = isValid
    }
}
