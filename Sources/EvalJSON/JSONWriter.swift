// Writing JSON as compact text, keys in their own order.

/// Appends JSON text to a growing buffer.
///
/// Punctuation between values is the caller's, so that rows can be assembled from parts:
///
///     writer.raw(#"{"value":"#); writer.write(json); writer.raw("}")
public struct JSONWriter: Sendable {
    /// What has been written.
    public var bytes: [UInt8] = []

    /// An empty buffer.
    public init() {}

    /// Appends bytes that are JSON already.
    @inlinable
    public mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends bytes that are JSON already.
    @inlinable
    public mutating func raw(_ other: some Collection<UInt8>) {
        bytes.append(contentsOf: other)
    }

    /// Appends a quoted, escaped string.
    public mutating func write(_ text: Text) {
        text.withUTF8 { writeQuoted($0) }
    }

    /// Appends a quoted, escaped string.
    public mutating func write(_ string: String) {
        var string = string
        string.withUTF8 { writeQuoted($0) }
    }

    /// Appends an integer.
    public mutating func write(_ integer: Int64) {
        if integer >= 0, integer < 10 { return bytes.append(UInt8(ascii: "0") + UInt8(integer)) }
        bytes.append(contentsOf: String(integer).utf8)
    }

    /// Appends a number in the fewest digits that read back as the same double; `null` if it is not finite.
    ///
    /// Whole numbers below 2^53 lose their `.0`, so that 1.0 is written as 1.
    public mutating func write(_ number: Double) {
        guard number.isFinite else { return raw("null") }
        if let whole = Int64(exactly: number), whole.magnitude <= 1 << 53 {
            // The sign of -0.0 is the one thing that an integer can't carry.
            return whole == 0 && number.sign == .minus ? raw("-0.0") : write(whole)
        }
        bytes.append(contentsOf: number.description.utf8)
    }

    /// Appends a truth value.
    public mutating func write(_ boolean: Bool) {
        if boolean { raw("true") } else { raw("false") }
    }

    /// Appends a value with all that is in it.
    public mutating func write(_ json: JSON) {
        let storage = json.storage
        switch storage.tag(json.index) {
        case Tag.object:
            bytes.append(UInt8(ascii: "{"))
            var first = true
            for (key, value) in json.members {
                if first { first = false } else { bytes.append(UInt8(ascii: ",")) }
                write(key)
                bytes.append(UInt8(ascii: ":"))
                write(value)
            }
            bytes.append(UInt8(ascii: "}"))
        case Tag.array:
            bytes.append(UInt8(ascii: "["))
            var first = true
            for element in json.elements {
                if first { first = false } else { bytes.append(UInt8(ascii: ",")) }
                write(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case Tag.string: writeQuoted(storage.utf8(json.index))
        case Tag.signed: write(Int64(bitPattern: storage.tape[json.index + 1]))
        case Tag.unsigned: bytes.append(contentsOf: String(storage.tape[json.index + 1]).utf8)
        case Tag.double: write(Double(bitPattern: storage.tape[json.index + 1]))
        case Tag.yes: raw("true")
        case Tag.no: raw("false")
        default: raw("null")
        }
    }

    mutating func writeQuoted(_ utf8: UnsafeBufferPointer<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        var clean = 0
        var at = 0
        while true {
            at = utf8.firstEscape(from: at)
            if at > clean { bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[clean..<at])) }
            if at == utf8.count { break }
            writeEscaped(utf8[at])
            at += 1
            clean = at
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x0A: raw("\\n")
        case 0x0D: raw("\\r")
        case 0x09: raw("\\t")
        default:
            raw("\\u00")
            bytes.append(Self.hex[Int(byte >> 4)])
            bytes.append(Self.hex[Int(byte & 15)])
        }
    }

    private static let hex = Array("0123456789abcdef".utf8)
}

extension JSON {
    /// The value as compact JSON text, keys in their own order.
    public var serialized: String {
        var writer = JSONWriter()
        writer.write(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension JSON: CustomStringConvertible {
    /// The value as compact JSON text.
    public var description: String { serialized }
}

extension UnsafeBufferPointer<UInt8> {
    /// The place of the first byte at or after `start` that JSON wants escaped, else `count`.
    ///
    /// Eight bytes a step, in plain integers: the standard library's `any(_:)` of a SIMD mask costs more than the
    /// comparisons.
    fileprivate func firstEscape(from start: Int) -> Int {
        guard let base = baseAddress else { return 0 }
        let ones: UInt64 = 0x0101_0101_0101_0101
        var at = start
        while at + 8 <= count {
            let word = UnsafeRawPointer(base + at).loadUnaligned(as: UInt64.self)
            // The high bit of a byte is set where it is below 0x20, a quotation mark or a backslash, and possibly in
            // bytes after such a one, which doesn't matter.
            let control = (word &- ones &* 0x20) & ~word
            let quote = word ^ ones &* UInt64(UInt8(ascii: "\""))
            let backslash = word ^ ones &* UInt64(UInt8(ascii: "\\"))
            let special = control | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            if special & (ones &* 0x80) != 0 { break }
            at += 8
        }
        while at < count {
            let byte = base[at]
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return at }
            at += 1
        }
        return count
    }
}
