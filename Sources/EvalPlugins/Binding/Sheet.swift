// The answers to one call, in memory that nobody else writes to; everything in it may be a hostile library's.

internal import CEvalHost
internal import CEvalTransport

/// One value as the plugin gave it.
struct RawAnswer {
    let feedback: UInt32
    let kind: UInt32
    let integer: Int64
    let number: Double
    /// The text or object of the value; nil where none was given, as for the others.
    let text: UnsafeRawBufferPointer?
    let rationale: UnsafeRawBufferPointer?
    let metadata: UnsafeRawBufferPointer?
    let spanID: UnsafeRawBufferPointer?
    /// How much of the sheet it takes.
    fileprivate let bytes: Int

    /// Reads an answer at the front of `bytes`; nil if it doesn't fit in there.
    fileprivate init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= MemoryLayout<ceval_answer>.size else { return nil }
        let head = bytes.loadUnaligned(as: ceval_answer.self)
        var rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(MemoryLayout<ceval_answer>.size))
        func take(_ size: Int64, _ limit: UInt32) -> UnsafeRawBufferPointer?? {
            if size == -1 { return .some(nil) }
            guard size >= 0, size <= limit, size <= rest.count else { return nil }
            defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Int(size))) }
            return UnsafeRawBufferPointer(rebasing: rest.prefix(Int(size)))
        }
        guard let text = take(head.text_size, EVALHOST_MAX_TEXT_BYTES),
            let rationale = take(head.rationale_size, EVALHOST_MAX_RATIONALE_BYTES),
            let metadata = take(head.metadata_size, EVALHOST_MAX_TEXT_BYTES),
            let spanID = take(head.span_id_size, EVALHOST_MAX_NAME_BYTES)
        else { return nil }
        let used = (bytes.count - rest.count + 7) & ~7
        guard Int(head.bytes) == used, used <= bytes.count else { return nil }
        feedback = head.feedback
        kind = head.kind
        integer = head.integer
        number = head.number
        self.text = text
        self.rationale = rationale
        self.metadata = metadata
        self.spanID = spanID
        self.bytes = used
    }
}

/// What a plugin said in one call; valid as long as its memory is.
struct Sheet {
    let status: evalhost_status
    let row: UInt32
    let refusal: UInt32
    let answerCount: Int
    /// Its first answer: most calls give one.
    let first: RawAnswer?
    /// How much memory it takes.
    let byteCount: Int
    /// The numbers of some of the system calls that were refused during the call.
    let denied: [UInt32]
    private let memory: UnsafeRawBufferPointer

    /// Reads the sheet at the front of some memory; nil if that is not a whole and consistent one.
    ///
    /// - Parameters:
    ///   - bytes: The memory, which may go on behind the sheet.
    ///   - seed: Of the check that the worker made; nil: it was made here, and isn't checked.
    init?(_ bytes: UnsafeRawBufferPointer, seed: UInt64?) {
        guard bytes.count >= MemoryLayout<ceval_sheet_head>.size else { return nil }
        let head = bytes.loadUnaligned(as: ceval_sheet_head.self)
        let size = Int(head.bytes)
        guard size % 8 == 0, size >= MemoryLayout<ceval_sheet_head>.size, size <= bytes.count,
            head.message_bytes <= EVALHOST_MAX_MESSAGE_BYTES, head.answer_count <= EVALHOST_MAX_FEEDBACKS + 1,
            let base = bytes.baseAddress
        else { return nil }
        if let seed, ceval_sheet_check(base.assumingMemoryBound(to: UInt8.self), UInt64(size), seed) != head.check {
            return nil
        }
        memory = UnsafeRawBufferPointer(start: base, count: size)
        byteCount = size
        status = head.status
        row = head.row
        refusal = head.refusal
        answerCount = Int(head.answer_count)
        messageBytes = Int(head.message_bytes)
        if head.denied_count == 0 {
            denied = []
        } else {
            let kept = Int(min(head.denied_count, CEVAL_MAX_DENIED))
            denied = withUnsafeBytes(of: head.denied) { Array($0.bindMemory(to: UInt32.self).prefix(kept)) }
        }
        var rest = memory.dropFirst(MemoryLayout<ceval_sheet_head>.size)
        var first: RawAnswer?
        for index in 0..<answerCount {
            guard let answer = RawAnswer(UnsafeRawBufferPointer(rebasing: rest)) else { return nil }
            if index == 0 { first = answer }
            rest = rest.dropFirst(answer.bytes)
        }
        self.first = first
        guard rest.count == (messageBytes + 7) & ~7 else { return nil }
        message = UnsafeRawBufferPointer(rebasing: rest.prefix(messageBytes))
    }

    private let messageBytes: Int
    /// What the plugin said to people; empty where it said nothing.
    let message: UnsafeRawBufferPointer

    /// All answers.
    var answers: [RawAnswer] {
        var rest = memory.dropFirst(MemoryLayout<ceval_sheet_head>.size)
        var answers: [RawAnswer] = []
        for _ in 0..<answerCount {
            guard let answer = RawAnswer(UnsafeRawBufferPointer(rebasing: rest)) else { break }
            answers.append(answer)
            rest = rest.dropFirst(answer.bytes)
        }
        return answers
    }
}
