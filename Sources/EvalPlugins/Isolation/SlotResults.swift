// What stands in a slot of a worker's results. All of it may be a hostile library's, and may change while it is read:
// words are loaded once, bytes are copied, and both are checked.

internal import CEvalHost
internal import CEvalSandbox
internal import CEvalTransport
internal import EvalCore

/// A slot of a worker's results; valid as long as its memory is.
struct SlotResults {
    /// The slot's `ceval_slot_out`.
    let head: UnsafeRawPointer
    /// The slot's data.
    let data: UnsafeRawBufferPointer

    /// How far the request in a slot is.
    struct State {
        let isDone: Bool
        let rowsDone: Int
        let current: UInt32
        let ended: UInt32
        let bytes: Int
        /// Whether the words around it are what the worker put there.
        let isWhole: Bool
        var mark: UInt64 { UInt64(UInt32(truncatingIfNeeded: rowsDone)) << 32 | UInt64(current) }
        /// Whether a row is under way.
        var isBusy: Bool { current != 0 && Int(current) == rowsDone + 1 }

        /// Whether no request of so many rows can have come so far.
        func isCorrupt(rows: Int) -> Bool { !isWhole || rowsDone > rows || Int(current) > rows }
    }

    /// A word that the worker stores atomically.
    func word(_ offset: Int) -> UInt32 { ceval_load((head + offset).assumingMemoryBound(to: UInt32.self)) }

    /// How far a request is.
    ///
    /// - Parameters:
    ///   - slot: The slot's number.
    ///   - sequence: The request's.
    /// - Returns: What the words say, whether or not that can be.
    func state(slot: Int, sequence: UInt32) -> State {
        let done = word(4)
        let copy = head.load(as: ceval_slot_out.self)
        let canary = CEVAL_MAGIC ^ UInt32(slot)
        return State(
            isDone: done == sequence && done != 0,
            rowsDone: Int(word(8)),
            current: word(12),
            ended: copy.ended,
            bytes: Int(clamping: copy.bytes),
            isWhole: copy.canary == canary && copy.end_canary == canary
        )
    }

    /// A copy of the raw bytes.
    func bytes(_ range: Range<Int>) -> [UInt8] { Array(data[range.clamped(to: 0..<data.count)]) }

    /// The answers to some rows, after so many guards: a private copy, and where each sheet begins in it.
    ///
    /// - Returns: nil if there are not as many whole sheets.
    func answers(guards: Int, count: Int, seed: UInt64) -> Answers? {
        guard let size = measure(guards + count) else { return nil }
        return Answers(bytes: bytes(0..<size), guards: guards, count: count, seed: seed)
    }

    /// The bytes of so many sheets, as their heads say.
    private func measure(_ count: Int) -> Int? {
        var at = 0
        for _ in 0..<count {
            guard at + MemoryLayout<ceval_sheet_head>.size <= data.count else { return nil }
            let size = Int(data.load(fromByteOffset: at, as: UInt32.self))
            guard size >= MemoryLayout<ceval_sheet_head>.size, size % 8 == 0 else { return nil }
            at += size
        }
        return at <= data.count ? at : nil
    }

    /// The question to the judge; nil if it can't be one.
    func question() -> JudgeQuestion? {
        let out = head.load(as: ceval_slot_out.self)
        let size = Int(clamping: out.ask_bytes)
        let offset = Int(clamping: out.ask_offset)
        guard size <= QuestionBytes.most, offset <= data.count - size else { return nil }
        var reader = QuestionBytes(bytes: bytes(offset..<(offset + size)))
        return reader.question()
    }
}
