// UTF-8 text as a view into the document that holds it. Scorers compare and search it without making a String.

internal import CEvalText
internal import Foundation

/// Valid UTF-8 that lives in a JSON document; equal when its bytes are equal.
///
/// As a collection it is its bytes. A NUL byte follows the last one, which is how C plugins like it.
public struct Text: @unchecked Sendable {  // a place in memory that never changes: see JSONStorage
    @usableFromInline let storage: JSONStorage
    @usableFromInline let start: Int
    /// The number of UTF-8 bytes.
    public let count: Int

    @inlinable
    init(storage: JSONStorage, start: Int, count: Int) {
        self.storage = storage
        self.start = start
        self.count = count
    }

    /// Copies a string into a document of its own.
    public init(_ string: String) {
        var builder = JSONBuilder()
        builder.append(string)
        self = builder.finish().text ?? Text.empty
    }

    /// The text without a byte.
    public static let empty: Text = {
        let bytes: [UInt8] = [0, 0, 0, 0, 0]
        let storage = bytes.withUnsafeBufferPointer {
            JSONStorage.make(words: UnsafeBufferPointer(start: nil, count: 0), strings: $0)
        }
        return Text(storage: storage, start: 4, count: 0)
    }()

    /// Gives the bytes to `body`; they are valid, and a NUL follows them, until it returns.
    @inlinable
    public func withUTF8<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { extendLifetime(storage) }
        return try body(UnsafeBufferPointer(start: storage.strings + start, count: count))
    }

    /// Whether every byte is below 128.
    public var isASCII: Bool {
        withUTF8 { ceval_text_is_ascii($0.baseAddress, $0.count) }
    }

    /// The number of Unicode scalars, which is what Python's `len` counts.
    public var scalarCount: Int {
        withUTF8 { ceval_text_scalars($0.baseAddress, $0.count) }
    }

    /// Whether `needle`'s bytes occur in this text; the empty text occurs in every text.
    public func contains(_ needle: Text) -> Bool {
        withUTF8 { hay in
            needle.withUTF8 { ceval_text_contains(hay.baseAddress, hay.count, $0.baseAddress, $0.count) }
        }
    }
}

extension Text: RandomAccessCollection {
    /// Always 0.
    @inlinable public var startIndex: Int { 0 }
    /// The number of bytes.
    @inlinable public var endIndex: Int { count }
    /// The byte at `position`, which must be below `count`.
    @inlinable public subscript(position: Int) -> UInt8 {
        precondition(position >= 0 && position < count, "a byte outside of the text")
        return storage.strings[start + position]
    }
    /// Runs `body` over the bytes in memory, which makes copying and searching fast.
    @inlinable
    public func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        defer { extendLifetime(storage) }
        return try body(UnsafeBufferPointer(start: storage.strings + start, count: count))
    }
}

extension Text: Equatable, Hashable {
    /// Whether the bytes are the same.
    @inlinable
    public static func == (left: Text, right: Text) -> Bool {
        left.withUTF8 { a in right.withUTF8 { b in bytesEqual(a, b) } }
    }

    /// Whether the bytes are those of a word that is known when the program is built.
    public func equals(_ word: StaticString) -> Bool {
        withUTF8 { bytesEqual($0, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)) }
    }

    /// Mixes the bytes into `hasher`.
    public func hash(into hasher: inout Hasher) {
        withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension Text: CustomStringConvertible, ExpressibleByStringLiteral {
    /// The text as a string.
    public var description: String { String(self) }
    /// Makes the text of a literal.
    public init(stringLiteral value: String) { self.init(value) }
}

extension String {
    /// Copies the text.
    public init(_ text: Text) {
        self = text.withUTF8 { String(decoding: $0, as: UTF8.self) }
    }
}

@inlinable
func bytesEqual(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    left.count == right.count && compareBytes(left, right, left.count) == 0
}

@usableFromInline
func compareBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>, _ count: Int) -> Int32 {
    guard count > 0, let a = left.baseAddress, let b = right.baseAddress else { return 0 }
    return memcmp(a, b, count)
}
