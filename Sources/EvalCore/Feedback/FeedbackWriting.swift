// Verdicts as the JSON that rows carry under `feedback`, the same in exports, reports and `evalhost score`.

public import EvalJSON

/// The keys under which rows carry their feedback, escaped once for all rows.
public struct FeedbackKeys: Sendable {
    private let names: [String]
    /// `"name":{"value":` for each scorer.
    private let openings: [[UInt8]]

    /// Prepares the keys.
    ///
    /// - Parameter scorers: The instances' names, in the order of the rows' verdicts.
    public init(_ scorers: [String]) {
        names = scorers
        openings = scorers.map { Self.opening($0) }
    }

    /// Appends the object that a row carries under `feedback`: by scorer `value`, `rationale`, `error`.
    ///
    /// A further feedback is under `instance/feedback`; several values of one name are a list in `value`.
    ///
    /// - Parameters:
    ///   - verdicts: What each scorer said, in the scorers' order; nil for one that said nothing of this row.
    ///   - writer: Where it goes.
    public func write(_ verdicts: [Verdict?], to writer: inout JSONWriter) {
        writer.raw("{")
        var isFirst = true
        for (index, verdict) in verdicts.enumerated() {
            guard let verdict else { continue }
            if isFirst { isFirst = false } else { writer.raw(",") }
            write(verdict, of: index, to: &writer)
        }
        writer.raw("}")
    }

    /// Appends the entry or entries of one scorer, without the comma before it.
    public func write(_ verdict: Verdict, of scorer: Int, to writer: inout JSONWriter) {
        switch verdict {
        case .feedback(let feedback):
            writer.raw(feedback.name.map { Self.opening("\(names[scorer])/\($0)") } ?? openings[scorer])
            writer.write(feedback.value)
            Self.end(feedback.rationale, feedback.metadata, to: &writer)
        case .feedbacks(let feedbacks):
            write(feedbacks, of: scorer, to: &writer)
        case .skipped(let reason):
            writer.raw(openings[scorer])
            writer.raw(#"null,"rationale":null,"error":null,"skipped":"#)
            writer.write(reason)
            writer.raw("}")
        case .errored(let error):
            writer.raw(openings[scorer])
            writer.raw(#"null,"rationale":null,"error":{"code":"#)
            writer.write(error.code)
            writer.raw(#","message":"#)
            writer.write(error.message)
            writer.raw("}}")
        }
    }

    private func write(_ feedbacks: [Feedback], of scorer: Int, to writer: inout JSONWriter) {
        var names: [String?] = []
        for feedback in feedbacks where !names.contains(feedback.name) { names.append(feedback.name) }
        for (index, name) in names.enumerated() {
            let same = feedbacks.filter { $0.name == name }
            if index > 0 { writer.raw(",") }
            writer.raw(name.map { Self.opening("\(self.names[scorer])/\($0)") } ?? openings[scorer])
            if same.count == 1 {
                writer.write(same[0].value)
            } else {
                for (position, feedback) in same.enumerated() {
                    writer.raw(position == 0 ? "[" : ",")
                    writer.write(feedback.value)
                }
                writer.raw("]")
            }
            let rationales = same.compactMap(\.rationale)
            let rationale = rationales.isEmpty ? nil : rationales.joined(separator: "\n")
            Self.end(rationale, same.lazy.compactMap(\.metadata).first, to: &writer)
        }
    }

    private static func opening(_ name: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(name)
        writer.raw(#":{"value":"#)
        return writer.bytes
    }

    private static func end(_ rationale: String?, _ metadata: JSON?, to writer: inout JSONWriter) {
        if let rationale {
            writer.raw(#","rationale":"#)
            writer.write(rationale)
            writer.raw(#","error":null"#)
        } else {
            writer.raw(#","rationale":null,"error":null"#)
        }
        if let metadata {
            writer.raw(#","metadata":"#)
            writer.write(metadata)
        }
        writer.raw("}")
    }
}

extension JSONWriter {
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
