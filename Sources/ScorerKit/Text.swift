// A text of a row, without a copy of it.

import CEvalHost

/// A view of a text that belongs to the host: valid UTF-8, which may contain U+0000.
///
/// A view can't outlive the row that it came from: the compiler refuses to store or return it. Comparing two views, or
/// a view with a string literal, makes no `String`; `String(text)` makes a copy that may be kept.
public struct Text: ~Escapable {
    let base: UnsafePointer<UInt8>
    /// How many bytes of UTF-8 the text has.
    public let byteCount: Int

    @_lifetime(immortal)
    init(_ text: evalhost_text) {
        if let data = unsafe text.data {
            unsafe base = unsafe UnsafeRawPointer(data).assumingMemoryBound(to: UInt8.self)
            byteCount = unsafe Int(text.size)
        } else {
            unsafe base = Self.empty
            byteCount = 0
        }
    }

    // One byte for ever: an absent text needs an address too.
    private nonisolated(unsafe) static let empty: UnsafePointer<UInt8> = {
        let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
        unsafe byte.initialize(to: 0)
        return unsafe UnsafePointer(byte)
    }()

    /// Whether the text has no bytes.
    public var isEmpty: Bool { byteCount == 0 }

    /// The text's bytes.
    public var utf8: Span<UInt8> {
        @_lifetime(copy self)
        get {
            let bytes = unsafe Span(_unsafeStart: base, count: byteCount)
            return unsafe _overrideLifetime(bytes, copying: self)
        }
    }

    /// The text as Unicode: scalars and characters one by one, and comparison by canonical equivalence.
    ///
    ///     var scalars = text.unicode.makeUnicodeScalarIterator()
    ///     while let scalar = scalars.next() { … }
    public var unicode: UTF8Span {
        @_lifetime(copy self)
        get { unsafe UTF8Span(unchecked: utf8) }
    }

    /// Calls a function with each Unicode scalar, in order.
    ///
    /// - Parameter body: What to do with a scalar.
    /// - Throws: What `body` throws.
    public func forEachScalar<Failure: Error>(_ body: (Unicode.Scalar) throws(Failure) -> Void) throws(Failure) {
        var scalars = unicode.makeUnicodeScalarIterator()
        while let scalar = scalars.next() { try body(scalar) }
    }

    /// Whether two texts have the same bytes.
    public static func == (left: borrowing Text, right: borrowing Text) -> Bool {
        unsafe left.byteCount == right.byteCount && memcmp(left.base, right.base, left.byteCount) == 0
    }

    /// Whether two texts have different bytes.
    public static func != (left: borrowing Text, right: borrowing Text) -> Bool { !(left == right) }

    /// Whether a text has the bytes of a literal.
    public static func == (left: borrowing Text, right: StaticString) -> Bool {
        right.hasPointerRepresentation && left.byteCount == right.utf8CodeUnitCount
            && (unsafe memcmp(left.base, right.utf8Start, left.byteCount)) == 0
    }

    /// Whether a text differs from a literal.
    public static func != (left: borrowing Text, right: StaticString) -> Bool { !(left == right) }
}

extension String {
    /// A copy of a text, to keep as long as you like.
    ///
    /// - Parameter text: A text of a row.
    public init(_ text: borrowing Text) {
        self = unsafe String(
            decoding: UnsafeBufferPointer(start: text.base, count: text.byteCount),
            as: UTF8.self
        )
    }
}
