// Verdicts as the JSON that rows carry under `feedback`, the same in exports, reports and `evalhost score`.

public import EvalJSON

extension JSONWriter {
    /// Appends verdicts as the object that rows carry under `feedback`: by scorer `value`, `rationale`, `error`.
    ///
    /// A further feedback is under `instance/feedback`; several values of one name are a list in `value`.
    public mutating func write(feedback verdicts: some Sequence<(String, Verdict)>) {
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
