// One immutable JSON document in memory: simdjson's tape, then its strings, in a single allocation.
// Everything in this room that touches a raw pointer goes through here.

internal import CEvalSimdjson

/// Sizes at the head of a document's memory.
@usableFromInline
struct JSONStorageHeader {
    @usableFromInline let wordCount: Int
    @usableFromInline let stringBytes: Int
}

/// The memory of one JSON document; immutable once it is made.
///
/// The tape's words lie behind the object's header in the same allocation, the strings behind the words.
/// A `ManagedBuffer` can't be Sendable; the values that hold one are, unchecked, since the memory is written by
/// `make` only, before anybody else sees it.
@usableFromInline
final class JSONStorage: ManagedBuffer<JSONStorageHeader, UInt64> {
    static func make(words: UnsafeBufferPointer<UInt64>, strings: UnsafeBufferPointer<UInt8>) -> JSONStorage {
        let buffer = JSONStorage.create(minimumCapacity: words.count + strings.count / 8 + 1) { _ in
            JSONStorageHeader(wordCount: words.count, stringBytes: strings.count)
        }
        buffer.withUnsafeMutablePointerToElements { base in
            if let address = words.baseAddress { base.initialize(from: address, count: words.count) }
            if let address = strings.baseAddress {
                UnsafeMutableRawPointer(base + words.count).copyMemory(from: address, byteCount: strings.count)
            }
        }
        // `create` makes an object of the class that it is called on.
        return unsafeDowncast(buffer, to: JSONStorage.self)
    }

    @inlinable var tape: UnsafePointer<UInt64> {
        UnsafePointer(withUnsafeMutablePointerToElements { $0 })
    }

    @inlinable var strings: UnsafePointer<UInt8> {
        // Through the pointer: reading `header` itself would be checked for exclusive access each time.
        withUnsafeMutablePointers { header, words in
            UnsafeRawPointer(words + header.pointee.wordCount).assumingMemoryBound(to: UInt8.self)
        }
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
