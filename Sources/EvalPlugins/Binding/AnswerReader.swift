// From what a plugin answered to a verdict. Whatever doesn't fit the declaration is the row's error, never repaired.

internal import CEvalHost
internal import CEvalTransport
internal import EvalCore
internal import EvalJSON

/// What a call was about: a row, or the turns of a session.
enum Traces {
    case row(Row)
    case session(Session)

    /// Which repetition of its record it is.
    var repetition: Int {
        switch self {
        case .row(let row): row.repetition
        case .session(let session): session.repetition
        }
    }

    func hasSpan(_ id: UInt64) -> Bool {
        switch self {
        case .row(let row): row.trace.spans.contains { $0.id == id }
        case .session(let session): session.turns.contains { $0.trace.spans.contains { $0.id == id } }
        }
    }
}

/// Checks answers against a scorer's declaration.
struct AnswerReader: Sendable {
    let name: String
    /// The scorer's own value, then its further feedbacks, as `feedback` counts them.
    private let values: [PluginDescription.Value]
    /// The same, reduced to what every row is checked against: plain numbers, which cost no counting of references.
    private let checks: [Check]

    private struct Check {
        let kind: UInt32
        let minimum: Double
        let maximum: Double
    }

    init(_ scorer: PluginDescription.Scorer) {
        name = scorer.name
        values = [scorer.value] + scorer.feedbacks
        checks = values.map {
            Check(kind: $0.kind, minimum: $0.minimum ?? -.infinity, maximum: $0.maximum ?? .infinity)
        }
    }

    /// The verdict about a call.
    ///
    /// - Returns: nil if the plugin asks for another try.
    func verdict(_ sheet: Sheet, about traces: Traces) -> Verdict? {
        switch sheet.status {
        case EVALHOST_OK: break
        case EVALHOST_SKIP: return .skipped(message(sheet) ?? "\(name) doesn't apply to this row")
        case EVALHOST_ERROR where sheet.refusal == CEVAL_REFUSED_NONE:
            return .errored(ScorerError(code: "scorer_error", message: message(sheet) ?? "\(name) returned an error"))
        case EVALHOST_ERROR: break
        case EVALHOST_RETRY: return nil
        default:
            let words = "\(name) returned the unknown status \(sheet.status)"
            return .errored(ScorerError(code: "scorer_fault", message: words))
        }
        do throws(ScorerError) {
            return try values(of: sheet, traces)
        } catch {
            return .errored(error)
        }
    }

    /// The verdict where a plugin asks for another try again.
    var stillTransient: Verdict {
        .errored(ScorerError(code: "scorer_error", message: "\(name) asked for another try twice"))
    }

    private func message(_ sheet: Sheet) -> String? {
        guard !sheet.message.isEmpty else { return nil }
        // Messages are for people: what isn't UTF-8, such as a character that was cut in two, is replaced.
        let text = String(decoding: sheet.message, as: UTF8.self)
        return sheet.message.count < EVALHOST_MAX_MESSAGE_BYTES ? text : String(text.prefix { $0 != "\u{FFFD}" })
    }

    private func values(of sheet: Sheet, _ traces: Traces) throws(ScorerError) -> Verdict {
        switch sheet.refusal {
        case CEVAL_REFUSED_NONE: break
        case CEVAL_REFUSED_TOO_MANY: throw invalid("it gave more than \(EVALHOST_MAX_FEEDBACKS) values")
        case CEVAL_REFUSED_ROW_TOO_LARGE: throw invalid("the texts that it gave are larger together than allowed")
        default: throw invalid("it gave a text that is larger than allowed")
        }
        guard let first = sheet.first else {
            throw ScorerError(code: "no_result", message: "\(name) returned OK and gave no value")
        }
        if sheet.answerCount == 1 { return .feedback(try feedback(first, traces)) }
        let answers = sheet.answers
        var feedbacks: [Feedback] = []
        for (index, answer) in answers.enumerated() {
            if answers[..<index].contains(where: { $0.feedback == answer.feedback }) {
                throw invalid("it gave a second value for \(feedbackName(answer.feedback))")
            }
            feedbacks.append(try feedback(answer, traces))
        }
        return .feedbacks(feedbacks)
    }

    private func feedbackName(_ index: UInt32) -> String {
        Int(index) < values.count ? values[Int(index)].name : "feedback \(index)"
    }

    private func invalid(_ words: String) -> ScorerError {
        ScorerError(code: "invalid_value", message: "\(name): \(words)")
    }

    private func feedback(_ answer: RawAnswer, _ traces: Traces) throws(ScorerError) -> Feedback {
        let index = Int(answer.feedback)
        guard index < checks.count, checks[index].kind != EVALHOST_KIND_MISSING else {
            throw invalid("it gave a value for feedback \(answer.feedback), which it doesn't declare")
        }
        guard checks[index].kind == answer.kind else {
            throw invalid(
                "\(values[index].name) is declared as \(word(checks[index].kind)), it gave \(word(answer.kind))"
            )
        }
        return Feedback(
            try value(answer, index),
            name: index == 0 ? nil : values[index].name,
            rationale: try text(answer.rationale, "rationale"),
            metadata: try object(answer.metadata, "metadata"),
            spanID: try spanID(answer.spanID, traces)
        )
    }

    private func value(_ answer: RawAnswer, _ index: Int) throws(ScorerError) -> FeedbackValue {
        switch answer.kind {
        case EVALHOST_KIND_NUMBER:
            try checkRange(answer.number, index)
            return .number(answer.number)
        case EVALHOST_KIND_INTEGER:
            try checkRange(Double(answer.integer), index)
            return .integer(answer.integer)
        case EVALHOST_KIND_BOOLEAN:
            guard answer.integer == 0 || answer.integer == 1 else { throw invalid("a boolean is \(answer.integer)") }
            return .boolean(answer.integer == 1)
        case EVALHOST_KIND_LABEL:
            let labels = values[index].labels
            guard answer.integer >= 0, answer.integer < labels.count else {
                throw invalid("\(values[index].name) has no label \(answer.integer), it declares \(labels.count)")
            }
            return .text(labels[Int(answer.integer)])
        case EVALHOST_KIND_TEXT:
            guard let text = try text(answer.text, "text") else { throw invalid("a text has no bytes at all") }
            return .text(text)
        default:
            guard let json = try object(answer.text, "object") else { throw invalid("an object has no bytes") }
            return .json(json)
        }
    }

    private func checkRange(_ number: Double, _ index: Int) throws(ScorerError) {
        let check = checks[index]
        if number.isFinite && number >= check.minimum && number <= check.maximum { return }
        let name = values[index].name
        if number.isNaN { throw invalid("\(name) is not a number") }
        guard number.isFinite else { throw invalid("\(name) is infinite") }
        throw number < check.minimum
            ? invalid("\(name) is \(JSON(number)), less than the declared \(JSON(check.minimum))")
            : invalid("\(name) is \(JSON(number)), more than the declared \(JSON(check.maximum))")
    }

    private func text(_ bytes: UnsafeRawBufferPointer?, _ what: StaticString) throws(ScorerError) -> String? {
        guard let bytes else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw invalid("its \(what) isn't UTF-8") }
        return text
    }

    private func object(_ bytes: UnsafeRawBufferPointer?, _ what: StaticString) throws(ScorerError) -> JSON? {
        guard let bytes, !bytes.isEmpty else { return nil }
        guard let json = try? JSON(parsing: bytes), json.kind == .object else {
            throw invalid("its \(what) isn't a JSON object")
        }
        return json
    }

    private func spanID(_ bytes: UnsafeRawBufferPointer?, _ traces: Traces) throws(ScorerError) -> UInt64? {
        guard let bytes, !bytes.isEmpty else { return nil }
        let digits = String(decoding: bytes, as: UTF8.self)
        guard let id = UInt64(digits, radix: 16), traces.hasSpan(id) else {
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

extension ScorerError {
    /// The same about a turn of a session, from 0.
    func inTurn(_ index: Int) -> ScorerError {
        ScorerError(code: code, message: "turn \(index + 1): \(message)")
    }
}
