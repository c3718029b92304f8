// evalhost.judge across the boundary: questions are read with every bound checked, replies are laid behind the rows.

internal import CEvalHost
internal import CEvalSandbox
internal import CEvalTransport
internal import EvalCore
internal import EvalJSON

extension WorkerProcess {
    /// How often a slot's thread has asked.
    func askSequence(of slot: Int) -> UInt32 {
        results(slot).word(MemoryLayout<ceval_slot_out>.offset(of: \.ask_sequence) ?? 20)
    }

    /// Whether a question of the slot's thread has no reply yet.
    func isAsking(_ slot: Int) -> Bool { askSequences[slot] != replySequences[slot] }

    /// Gives a slot's thread its reply.
    func reply(_ answer: Result<JudgeAnswer, ScorerError>, in slot: Int) {
        var texts: [String] = ["", "", ""]
        var head = ceval_reply()
        switch answer {
        case .success(let answer):
            texts = [answer.reply.serialized, answer.model, ""]
            head.status = EVALHOST_OK
            head.from_cache = answer.isFromCache ? 1 : 0
            head.input_tokens = answer.inputTokens ?? -1
            head.output_tokens = answer.outputTokens ?? -1
            head.cost_usd = answer.costUSD ?? -1
        case .failure(let error):
            texts[2] = String(error.description.prefix(1024))
            head.status = EVALHOST_ERROR
            head.input_tokens = -1
            head.output_tokens = -1
            head.cost_usd = -1
        }
        (head.reply_size, head.model_size, head.error_size) = (
            UInt64(texts[0].utf8.count), UInt64(texts[1].utf8.count), UInt64(texts[2].utf8.count)
        )
        let into = slotIn(slot)
        // Behind the rows and the replies before: those stay valid until the call returns.
        var at = (replyEnds[slot] + 7) & ~7
        let needed = MemoryLayout<ceval_reply>.size + texts.reduce(0) { $0 + $1.utf8.count + 1 }
        if at + needed > WorkerLaunch.rowsSlotBytes {
            texts = ["", "", "the replies of the judge to one row are larger together than a worker takes"]
            head.status = EVALHOST_ERROR
            (head.reply_size, head.model_size) = (0, 0)
            head.error_size = UInt64(texts[2].utf8.count)
            at = min(at, WorkerLaunch.rowsSlotBytes - 4096)
        }
        let data = rowsData(slot)
        data.storeBytes(of: head, toByteOffset: at, as: ceval_reply.self)
        into.pointee.reply_offset = UInt64(at)
        at += MemoryLayout<ceval_reply>.size
        for var text in texts {
            text.withUTF8 { bytes in
                UnsafeMutableRawBufferPointer(start: data + at, count: bytes.count).copyBytes(from: bytes)
            }
            at += text.utf8.count
            data.storeBytes(of: 0, toByteOffset: at, as: UInt8.self)
            at += 1
        }
        replyEnds[slot] = at
        replySequences[slot] = askSequences[slot]
        let offset = MemoryLayout<ceval_slot_in>.offset(of: \.reply_sequence) ?? 32
        let word = (UnsafeMutableRawPointer(into) + offset).assumingMemoryBound(to: UInt32.self)
        ceval_store(word, askSequences[slot])
        ceval_futex_wake(word)
    }
}

/// The bytes of a `ceval_ask`.
struct QuestionBytes {
    /// The largest question with its sizes and the NULs behind its texts.
    static let most =
        Int(EVALHOST_MAX_JUDGE_BYTES) + MemoryLayout<ceval_ask>.size + Int(EVALHOST_MAX_JUDGE_MESSAGES) * 18 + 1

    private let bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func question() -> JudgeQuestion? {
        guard let count = number(4), let sample = number(4), let schemaSize = number(8),
            count <= EVALHOST_MAX_JUDGE_MESSAGES
        else { return nil }
        var sizes: [(Int, Int)] = []
        for _ in 0..<count {
            guard let role = number(8), let content = number(8) else { return nil }
            sizes.append((role, content))
        }
        var messages: [JudgeMessage] = []
        for (role, content) in sizes {
            guard let role = text(role), let content = text(content), ["system", "user", "assistant"].contains(role)
            else { return nil }
            messages.append(JudgeMessage(role: role, content: content))
        }
        guard let schema = text(schemaSize).flatMap({ try? JSON(parsing: $0) }), schema.kind == .object,
            !messages.isEmpty
        else { return nil }
        return JudgeQuestion(messages: messages, schema: schema, sample: sample)
    }

    private mutating func number(_ size: Int) -> Int? {
        guard size <= bytes.count - at else { return nil }
        defer { at += size }
        let value = bytes[at..<(at + size)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }

    /// A text and the NUL behind it.
    private mutating func text(_ size: Int) -> String? {
        guard size >= 0, size < bytes.count - at else { return nil }
        defer { at += size + 1 }
        return String(validating: bytes[at..<(at + size)], as: UTF8.self)
    }
}
