// From what a plugin answered to a verdict. Whatever doesn't fit the declaration is the row's error, never repaired.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON

/// Checks answers against a scorer's declaration.
struct AnswerReader {
    let name: String
    /// The scorer's own value, then its further feedbacks, as `feedback` counts them.
    let values: [PluginDescription.Value]

    init(_ scorer: PluginDescription.Scorer) {
        name = scorer.name
        values = [scorer.value] + scorer.feedbacks
    }

    /// The verdict about a call.
    ///
    /// - Returns: nil if the plugin asks for another try.
    func verdict(status: evalhost_status, sheet: AnswerSheet, row: Row) -> Verdict? {
        switch status {
        case EVALHOST_OK: break
        case EVALHOST_SKIP: return .skipped(message(sheet) ?? "\(name) doesn't apply to this row")
        case EVALHOST_ERROR where sheet.call.refusal == .none:
            return .errored(ScorerError(code: "scorer_error", message: message(sheet) ?? "\(name) returned an error"))
        case EVALHOST_ERROR: break
        case EVALHOST_RETRY: return nil
        default:
            return .errored(ScorerError(code: "scorer_fault", message: "\(name) returned the unknown status \(status)"))
        }
        do throws(ScorerError) {
            return try values(of: sheet, row)
        } catch {
            return .errored(error)
        }
    }

    private func message(_ sheet: AnswerSheet) -> String? {
        let stored = sheet.call.message
        guard stored.count > 0 else { return nil }
        // Messages are for people: what isn't UTF-8, such as a character that was cut in two, is replaced.
        let bytes = sheet.bytes(stored)
        let text = String(decoding: bytes, as: UTF8.self)
        return bytes.count < EVALHOST_MAX_MESSAGE_BYTES ? text : String(text.prefix { $0 != "\u{FFFD}" })
    }

    private func values(of sheet: AnswerSheet, _ row: Row) throws(ScorerError) -> Verdict {
        switch sheet.call.refusal {
        case .none: break
        case .tooManyAnswers: throw invalid("it gave more than \(EVALHOST_MAX_FEEDBACKS) values")
        case .textTooLarge: throw invalid("it gave a text that is larger than allowed")
        case .outOfMemory: throw ScorerError(code: "scorer_fault", message: "no memory for an answer of \(name)")
        }
        let answers = sheet.answers
        switch answers.count {
        case 0: throw ScorerError(code: "no_result", message: "\(name) returned OK and gave no value")
        case 1: return .feedback(try feedback(answers[0], sheet, row))
        default:
            var feedbacks: [Feedback] = []
            for (index, answer) in answers.enumerated() {
                if answers[..<index].contains(where: { $0.feedback == answer.feedback }) {
                    throw invalid("it gave a second value for \(feedbackName(answer.feedback))")
                }
                feedbacks.append(try feedback(answer, sheet, row))
            }
            return .feedbacks(feedbacks)
        }
    }

    private func feedbackName(_ index: UInt32) -> String {
        Int(index) < values.count ? values[Int(index)].name : "feedback \(index)"
    }

    private func invalid(_ words: String) -> ScorerError {
        ScorerError(code: "invalid_value", message: "\(name): \(words)")
    }

    private func feedback(_ answer: RawAnswer, _ sheet: AnswerSheet, _ row: Row) throws(ScorerError) -> Feedback {
        guard Int(answer.feedback) < values.count, values[Int(answer.feedback)].kind != EVALHOST_KIND_MISSING else {
            throw invalid("it gave a value for feedback \(answer.feedback), which it doesn't declare")
        }
        let declared = values[Int(answer.feedback)]
        guard declared.kind == answer.kind else {
            throw invalid("\(declared.name) is declared as \(word(declared.kind)), it gave \(word(answer.kind))")
        }
        return Feedback(
            try value(answer, declared, sheet),
            name: answer.feedback == 0 ? nil : declared.name,
            rationale: try text(answer.rationale, "the rationale of \(declared.name)", sheet),
            metadata: try object(answer.metadata, "the metadata of \(declared.name)", sheet),
            spanID: try spanID(answer.spanID, sheet, row)
        )
    }

    private func value(
        _ answer: RawAnswer,
        _ declared: PluginDescription.Value,
        _ sheet: AnswerSheet
    ) throws(ScorerError) -> FeedbackValue {
        switch answer.kind {
        case EVALHOST_KIND_NUMBER:
            guard answer.number.isFinite else {
                throw invalid("\(declared.name) is \(answer.number.isNaN ? "not a number" : "infinite")")
            }
            try checkRange(answer.number, declared)
            return .number(answer.number)
        case EVALHOST_KIND_INTEGER:
            try checkRange(Double(answer.integer), declared)
            return .integer(answer.integer)
        case EVALHOST_KIND_BOOLEAN:
            guard answer.integer == 0 || answer.integer == 1 else { throw invalid("a boolean is \(answer.integer)") }
            return .boolean(answer.integer == 1)
        case EVALHOST_KIND_LABEL:
            guard answer.integer >= 0, answer.integer < declared.labels.count else {
                throw invalid("\(declared.name) has no label \(answer.integer), it declares \(declared.labels.count)")
            }
            return .text(declared.labels[Int(answer.integer)])
        case EVALHOST_KIND_TEXT:
            guard let text = try text(answer.text, declared.name, sheet) else {
                throw invalid("a text has no bytes at all")
            }
            return .text(text)
        default:
            guard let json = try object(answer.text, declared.name, sheet) else {
                throw invalid("an object has no bytes")
            }
            return .json(json)
        }
    }

    private func checkRange(_ number: Double, _ declared: PluginDescription.Value) throws(ScorerError) {
        if let minimum = declared.minimum, number < minimum {
            throw invalid("\(declared.name) is \(JSON(number)), less than the declared \(JSON(minimum))")
        }
        if let maximum = declared.maximum, number > maximum {
            throw invalid("\(declared.name) is \(JSON(number)), more than the declared \(JSON(maximum))")
        }
    }

    private func text(_ stored: Stored, _ what: String, _ sheet: AnswerSheet) throws(ScorerError) -> String? {
        if stored.isAbsent { return nil }
        guard let text = String(validating: sheet.bytes(stored), as: UTF8.self) else {
            throw invalid("\(what) isn't UTF-8")
        }
        return text
    }

    private func object(_ stored: Stored, _ what: String, _ sheet: AnswerSheet) throws(ScorerError) -> JSON? {
        guard stored.count > 0 else { return nil }
        guard let json = try? JSON(parsing: sheet.bytes(stored)), json.kind == .object else {
            throw invalid("\(what) isn't a JSON object")
        }
        return json
    }

    private func spanID(_ stored: Stored, _ sheet: AnswerSheet, _ row: Row) throws(ScorerError) -> UInt64? {
        guard stored.count > 0 else { return nil }
        let digits = String(decoding: sheet.bytes(stored), as: UTF8.self)
        guard let id = UInt64(digits, radix: 16), row.trace.spans.contains(where: { $0.id == id }) else {
            throw invalid("the trace has no span with the id that it gave")
        }
        return id
    }

    private func word(_ kind: UInt32) -> String {
        switch kind {
        case EVALHOST_KIND_TEXT: "a text"
        case EVALHOST_KIND_BOOLEAN: "a boolean"
        case EVALHOST_KIND_INTEGER: "an integer"
        case EVALHOST_KIND_NUMBER: "a number"
        case EVALHOST_KIND_LABEL: "a label"
        case EVALHOST_KIND_JSON: "an object"
        default: "kind \(kind)"
        }
    }
}
