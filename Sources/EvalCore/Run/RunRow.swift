// A finished row as it is read back, for reports and exports.

public import EvalJSON

/// A finished row of a run with what its scorers said.
public struct RunRow: Sendable {
    /// The place of the record in its source, from 0.
    public var ordinal: Int
    /// Which repetition of the record this is, from 0.
    public var repetition: Int
    /// The person's own name of the row.
    public var recordID: String?
    /// The row's trace.
    public var traceID: PublicID
    /// What the application was asked.
    public var inputs: JSON?
    /// What it answered.
    public var outputs: JSON?
    /// Ground truth.
    public var expectations: JSON?
    /// What each scorer said, by instance, in the order of the run's scorers.
    public var verdicts: [(scorer: String, verdict: Verdict)]
    /// Why the row could not be read or predicted.
    public var failure: ScorerError?

    /// Makes a row.
    public init(
        ordinal: Int,
        repetition: Int,
        recordID: String?,
        traceID: PublicID,
        inputs: JSON?,
        outputs: JSON?,
        expectations: JSON?,
        verdicts: [(scorer: String, verdict: Verdict)],
        failure: ScorerError?
    ) {
        self.ordinal = ordinal
        self.repetition = repetition
        self.recordID = recordID
        self.traceID = traceID
        self.inputs = inputs
        self.outputs = outputs
        self.expectations = expectations
        self.verdicts = verdicts
        self.failure = failure
    }
}

extension JSONWriter {
    /// Appends verdicts as the object that rows carry under `feedback`: by scorer `value`, `rationale`, `error`.
    ///
    /// A further feedback is under `instance/feedback`; several values of one name are a list in `value`.
    public mutating func write(feedback verdicts: some Sequence<(scorer: String, verdict: Verdict)>) {
        raw("{")
        var isFirst = true
        func comma(_ writer: inout JSONWriter) {
            if !isFirst { writer.raw(",") }
            isFirst = false
        }
        for (scorer, verdict) in verdicts {
            switch verdict {
            case .feedback(let feedback):
                comma(&self)
                writeKey(scorer, feedback.name)
                writeEntry([feedback])
            case .feedbacks(let feedbacks):
                var names: [String?] = []
                for feedback in feedbacks where !names.contains(feedback.name) { names.append(feedback.name) }
                for name in names {
                    comma(&self)
                    writeKey(scorer, name)
                    writeEntry(feedbacks.filter { $0.name == name })
                }
            case .skipped(let reason):
                comma(&self)
                writeKey(scorer, nil)
                raw(#"{"value":null,"rationale":null,"error":null,"skipped":"#)
                write(reason)
                raw("}")
            case .errored(let error):
                comma(&self)
                writeKey(scorer, nil)
                raw(#"{"value":null,"rationale":null,"error":{"code":"#)
                write(error.code)
                raw(#","message":"#)
                write(error.message)
                raw("}}")
            }
        }
        raw("}")
    }

    private mutating func writeKey(_ scorer: String, _ feedback: String?) {
        if let feedback { write("\(scorer)/\(feedback)") } else { write(scorer) }
        raw(":")
    }

    private mutating func writeEntry(_ feedbacks: [Feedback]) {
        raw(#"{"value":"#)
        if feedbacks.count == 1 {
            write(feedbacks[0].value)
        } else {
            raw("[")
            for (index, feedback) in feedbacks.enumerated() {
                if index > 0 { raw(",") }
                write(feedback.value)
            }
            raw("]")
        }
        raw(#","rationale":"#)
        let rationales = feedbacks.compactMap(\.rationale)
        if rationales.isEmpty { raw("null") } else { write(rationales.joined(separator: "\n")) }
        raw(#","error":null"#)
        if let metadata = feedbacks.lazy.compactMap(\.metadata).first {
            raw(#","metadata":"#)
            write(metadata)
        }
        raw("}")
    }

    /// Appends a feedback's value.
    public mutating func write(_ value: FeedbackValue) {
        switch value {
        case .boolean(let value): write(value)
        case .integer(let value): write(value)
        case .number(let value): write(value)
        case .text(let value): write(value)
        case .json(let value): write(value)
        }
    }
}
