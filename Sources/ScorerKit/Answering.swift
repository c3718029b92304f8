// Hands a `Score` to the host's sink.

import CEvalHost

/// Says why a call doesn't end with a value.
func say(_ message: String, _ out: UnsafePointer<evalhost_sink>, _ status: evalhost_status) -> evalhost_status {
    withText(message) { text in _ = unsafe out.pointee.table.pointee.put_message(out, text.data, text.size) }
    return status
}

/// Calls a function with a view of a string.
func withText<Result>(_ string: String, _ body: (evalhost_text) -> Result) -> Result {
    var copy = string
    return copy.withUTF8 { bytes in
        let data = unsafe UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
        return unsafe body(evalhost_text(data: data, size: UInt64(bytes.count)))
    }
}

/// What a scorer may answer: its feedbacks by name, its labels by text.
struct Answering {
    private let types: [ValueType?]
    private let names: [String]

    init(_ about: About) {
        types = [about.value] + about.feedbacks.map(\.value)
        names = [""] + about.feedbacks.map(\.name)
    }

    /// Gives a score to the sink.
    ///
    /// - Returns: What the scorer's callback returns.
    func give(_ score: Score, to out: UnsafePointer<evalhost_sink>) -> evalhost_status {
        if case .number(let number) = score.answer, score.isBare { return unsafe evalhost_number(out, number) }
        if case .skip(let reason) = score.answer { return unsafe say(reason, out, EVALHOST_SKIP) }
        let status = unsafe put(score, at: 0, to: out)
        guard status == EVALHOST_OK, let beside = score.beside else { return status }
        for (name, further) in beside.further {
            guard let index = names.dropFirst().firstIndex(of: name) else {
                return unsafe say("the feedback \(name) isn't declared in About", out, EVALHOST_ERROR)
            }
            let status = unsafe put(further, at: index, to: out)
            if status != EVALHOST_OK { return status }
        }
        return EVALHOST_OK
    }

    private func put(_ score: Score, at index: Int, to out: UnsafePointer<evalhost_sink>) -> evalhost_status {
        var value = unsafe evalhost_value_of(EVALHOST_KIND_MISSING)
        var text = ""
        switch score.answer {
        case .none: return EVALHOST_OK
        case .skip: return unsafe say("a further feedback can't be a skip", out, EVALHOST_ERROR)
        case .number(let number): unsafe value = evalhost_value_of_number(number)
        case .integer(let integer): unsafe value = evalhost_value_of_integer(integer)
        case .boolean(let truth): unsafe value = evalhost_value_of_boolean(truth ? 1 : 0)
        case .label(let label):
            guard let place = types[index]?.labels.firstIndex(of: label) else {
                return unsafe say("the label \(label) isn't declared in About", out, EVALHOST_ERROR)
            }
            unsafe value = evalhost_value_of_label(UInt32(place))
        case .text(let string):
            unsafe value = evalhost_value_of(EVALHOST_KIND_TEXT)
            text = string
        case .object(let json):
            unsafe value = evalhost_value_of(EVALHOST_KIND_JSON)
            text = json
        }
        let beside = score.beside ?? Score.Beside()
        return unsafe withText(text) { text in
            unsafe withText(beside.rationale) { rationale in
                unsafe withText(beside.metadata) { metadata in
                    unsafe withText(beside.spanID) { spanID in
                        unsafe value.text = text
                        unsafe value.rationale = rationale
                        unsafe value.metadata = metadata
                        unsafe value.span_id = spanID
                        return unsafe evalhost_put(out, UInt32(index), &value)
                    }
                }
            }
        }
    }
}
