// One immutable JSON document in memory: simdjson's tape, then its strings, in a single allocation.
// Everything in this room that touches a raw pointer goes through here.

internal import CEvalSimdjson

/// The memory of one JSON document; immutable once it is made.
///
/// `@unchecked Sendable`: the allocation is written by the initialiser only and freed by `deinit`.
@usableFromInline
final class JSONStorage: @unchecked Sendable {
    /// The tape's words; `strings` follow in the same allocation.
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    @usableFromInline let wordCount: Int
    @usableFromInline let stringBytes: Int

    init(words: UnsafeBufferPointer<UInt64>, strings source: UnsafeBufferPointer<UInt8>) {
        let wordBytes = words.count * MemoryLayout<UInt64>.stride
        let base = UnsafeMutableRawPointer.allocate(
            byteCount: wordBytes + source.count + 8,
            alignment: MemoryLayout<UInt64>.alignment
        )
        if let address = words.baseAddress { base.copyMemory(from: address, byteCount: wordBytes) }
        let stringBase = base + wordBytes
        if let address = source.baseAddress { stringBase.copyMemory(from: address, byteCount: source.count) }
        tape = UnsafePointer(base.bindMemory(to: UInt64.self, capacity: words.count))
        strings = UnsafePointer(stringBase.bindMemory(to: UInt8.self, capacity: source.count))
        wordCount = words.count
        stringBytes = source.count
    }

    deinit {
        UnsafeMutableRawPointer(mutating: tape).deallocate()
    }
}

/// The types of tape words: the ASCII characters that simdjson puts into the high byte.
@usableFromInline
enum Tag {
    @usableFromInline static let root = UInt8(ascii: "r")
    @usableFromInline static let object = UInt8(ascii: "{")
    @usableFromInline static let objectEnd = UInt8(ascii: "}")
    @usableFromInline static let array = UInt8(ascii: "[")
    @usableFromInline static let arrayEnd = UInt8(ascii: "]")
    @usableFromInline static let string = UInt8(ascii: "\"")
    @usableFromInline static let signed = UInt8(ascii: "l")
    @usableFromInline static let unsigned = UInt8(ascii: "u")
    @usableFromInline static let double = UInt8(ascii: "d")
    @usableFromInline static let yes = UInt8(ascii: "t")
    @usableFromInline static let no = UInt8(ascii: "f")
    @usableFromInline static let null = UInt8(ascii: "n")

    @usableFromInline static let payloadMask: UInt64 = (1 << 56) - 1
    /// Scopes keep the index after their end in the low half; the count above it saturates, so it is not used.
    @usableFromInline static let scopeMask: UInt64 = (1 << 32) - 1
}

extension JSONStorage {
    @inlinable
    func tag(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: tape[index] >> 56)
    }

    /// The index after the value at `index`.
    @inlinable
    func skip(_ index: Int) -> Int {
        switch tag(index) {
        case Tag.object, Tag.array: Int(tape[index] & Tag.scopeMask)
        case Tag.signed, Tag.unsigned, Tag.double: index + 2
        default: index + 1
        }
    }

    /// The bytes of the string at `index`; a NUL follows them.
    @inlinable
    func utf8(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let start = strings + Int(tape[index] & Tag.payloadMask)
        let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return UnsafeBufferPointer(start: start + 4, count: Int(length))
    }
}
