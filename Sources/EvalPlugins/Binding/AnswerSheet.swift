// Where a plugin's answers land: raw memory, written by plain C functions, so that an answer costs a few nanoseconds.
//
// Nothing here judges. What was written is read and checked after the call, by `AnswerReader`.

internal import CEvalHost
internal import Foundation

/// A place in the sheet's arena of bytes.
struct Stored {
    var start: Int = 0
    var count: Int = -1
    /// A text that wasn't given has no length at all.
    var isAbsent: Bool { count < 0 }
}

/// One value as the plugin gave it.
struct RawAnswer {
    var feedback: UInt32 = 0
    var kind: UInt32 = 0
    var integer: Int64 = 0
    var number: Double = 0
    var text = Stored()
    var rationale = Stored()
    var metadata = Stored()
    var spanID = Stored()
}

/// What the plugin said in one call.
struct RawCall {
    var answerCount = 0
    var message = Stored()
    var refusal = Refused.none

    /// Why the host couldn't take an answer.
    enum Refused: UInt8 {
        case none
        case tooManyAnswers
        case textTooLarge
        case outOfMemory
    }
}

/// The memory of a sheet.
///
/// Plain data: the callbacks reach it through the sink's `host`.
struct SheetMemory {
    var call = RawCall()
    var answers: UnsafeMutablePointer<RawAnswer>?
    var answerCapacity = 0
    var arena: UnsafeMutablePointer<UInt8>?
    var arenaCount = 0
    var arenaCapacity = 0

    mutating func append(_ answer: RawAnswer) -> evalhost_status {
        guard call.answerCount <= Int(EVALHOST_MAX_FEEDBACKS) else { return refuse(.tooManyAnswers) }
        if call.answerCount == answerCapacity {
            let capacity = max(8, answerCapacity * 2)
            guard let grown = realloc(answers, capacity * MemoryLayout<RawAnswer>.stride) else {
                return refuse(.outOfMemory)
            }
            answers = grown.bindMemory(to: RawAnswer.self, capacity: capacity)
            answerCapacity = capacity
        }
        guard let answers else { return refuse(.outOfMemory) }
        answers[call.answerCount] = answer
        call.answerCount += 1
        return EVALHOST_OK
    }

    mutating func refuse(_ reason: RawCall.Refused) -> evalhost_status {
        call.refusal = reason
        return EVALHOST_ERROR
    }

    /// Copies bytes; an absent text stays absent.
    ///
    /// `limit` is the largest that is allowed.
    mutating func store(_ text: evalhost_text, limit: UInt32) -> Stored {
        guard let data = text.data else { return Stored() }
        guard text.size <= UInt64(limit) else {
            _ = refuse(.textTooLarge)
            return Stored()
        }
        let count = Int(text.size)
        if count == 0 { return Stored(start: arenaCount, count: 0) }
        if arenaCount + count > arenaCapacity {
            let capacity = max(64 * 1024, (arenaCount + count) * 2)
            guard let grown = realloc(arena, capacity) else {
                _ = refuse(.outOfMemory)
                return Stored()
            }
            arena = grown.bindMemory(to: UInt8.self, capacity: capacity)
            arenaCapacity = capacity
        }
        guard let arena else { return Stored() }
        memcpy(arena + arenaCount, data, count)
        defer { arenaCount += count }
        return Stored(start: arenaCount, count: count)
    }
}

/// The answers of one call after another.
///
/// Belongs to one scoring thread, also when that was given up.
final class AnswerSheet {
    private let memory: UnsafeMutablePointer<SheetMemory>
    let sink: UnsafeMutablePointer<evalhost_sink>

    init() {
        memory = .allocate(capacity: 1)
        memory.initialize(to: SheetMemory())
        sink = .allocate(capacity: 1)
        sink.initialize(
            to: evalhost_sink(
                struct_size: UInt32(MemoryLayout<evalhost_sink>.size),
                reserved: 0,
                table: UnsafePointer(sinkTable),
                host: UnsafeMutableRawPointer(memory),
                host_words: (0, 0)
            )
        )
    }

    deinit {
        free(memory.pointee.answers)
        free(memory.pointee.arena)
        memory.deallocate()
        sink.deallocate()
    }

    /// Forgets the call before.
    func begin() {
        memory.pointee.call = RawCall()
        memory.pointee.arenaCount = 0
    }

    /// What was said since `begin()`.
    var call: RawCall { memory.pointee.call }

    /// The values since `begin()`.
    var answers: UnsafeBufferPointer<RawAnswer> {
        UnsafeBufferPointer(
            start: memory.pointee.answers.map { UnsafePointer($0) },
            count: memory.pointee.call.answerCount
        )
    }

    /// The bytes of a text.
    func bytes(_ stored: Stored) -> UnsafeBufferPointer<UInt8> {
        guard let arena = memory.pointee.arena, stored.count > 0 else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(start: arena + stored.start, count: stored.count)
    }
}

private func sheet(_ out: UnsafePointer<evalhost_sink>?) -> UnsafeMutablePointer<SheetMemory>? {
    out?.pointee.host?.assumingMemoryBound(to: SheetMemory.self)
}

private let putNumber: @convention(c) (UnsafePointer<evalhost_sink>?, UInt32, Double) -> evalhost_status = {
    out,
    feedback,
    number in
    guard let sheet = sheet(out) else { return EVALHOST_ERROR }
    return sheet.pointee.append(RawAnswer(feedback: feedback, kind: EVALHOST_KIND_NUMBER, number: number))
}

private let putInteger: @convention(c) (UnsafePointer<evalhost_sink>?, UInt32, UInt32, Int64) -> evalhost_status = {
    out,
    feedback,
    kind,
    integer in
    guard let sheet = sheet(out) else { return EVALHOST_ERROR }
    return sheet.pointee.append(RawAnswer(feedback: feedback, kind: kind, integer: integer))
}

private let putValue:
    @convention(c) (UnsafePointer<evalhost_sink>?, UInt32, UnsafePointer<evalhost_value>?) -> evalhost_status = {
        out,
        feedback,
        value in
        guard let sheet = sheet(out), let value, value.pointee.struct_size >= MemoryLayout<evalhost_value>.size else {
            return EVALHOST_ERROR
        }
        let given = value.pointee
        var answer = RawAnswer(feedback: feedback, kind: given.kind, integer: given.integer, number: given.number)
        answer.text = sheet.pointee.store(given.text, limit: EVALHOST_MAX_TEXT_BYTES)
        answer.rationale = sheet.pointee.store(given.rationale, limit: EVALHOST_MAX_RATIONALE_BYTES)
        answer.metadata = sheet.pointee.store(given.metadata, limit: EVALHOST_MAX_TEXT_BYTES)
        answer.spanID = sheet.pointee.store(given.span_id, limit: EVALHOST_MAX_NAME_BYTES)
        guard sheet.pointee.call.refusal == .none else { return EVALHOST_ERROR }
        return sheet.pointee.append(answer)
    }

private let putMessage:
    @convention(c) (UnsafePointer<evalhost_sink>?, UnsafePointer<CChar>?, UInt64) -> evalhost_status = {
        out,
        data,
        size in
        guard let sheet = sheet(out) else { return EVALHOST_ERROR }
        let text = evalhost_text(data: data, size: min(size, UInt64(EVALHOST_MAX_MESSAGE_BYTES)))
        sheet.pointee.call.message = sheet.pointee.store(text, limit: EVALHOST_MAX_MESSAGE_BYTES)
        return EVALHOST_OK
    }

/// The table behind every sink; it lives for ever, since plugins may look at it at any time.
private nonisolated(unsafe) let sinkTable: UnsafeMutablePointer<evalhost_sink_table> = {
    let table = UnsafeMutablePointer<evalhost_sink_table>.allocate(capacity: 1)
    table.initialize(
        to: evalhost_sink_table(
            struct_size: UInt32(MemoryLayout<evalhost_sink_table>.size),
            reserved: 0,
            put_number: putNumber,
            put_integer: putInteger,
            put_value: putValue,
            put_message: putMessage
        )
    )
    return table
}()
