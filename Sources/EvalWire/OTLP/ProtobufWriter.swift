// Protobuf's wire format, written in one pass. A message's length stands before it and is known only behind it: one
// byte is kept free, and a longer message moves up. It knows no message.

internal import EvalJSON

/// Appends fields of messages.
struct ProtobufWriter {
    /// What has been written.
    private(set) var bytes: [UInt8] = []

    init(reserving count: Int = 0) { bytes.reserveCapacity(count) }

    /// Appends a whole number.
    mutating func field(_ number: UInt64, varint value: UInt64) {
        varint(number << 3)
        varint(value)
    }

    /// Appends a number of 64 bits.
    mutating func field(_ number: UInt64, fixed64 value: UInt64) {
        varint(number << 3 | 1)
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends a text; an empty one is left out, which says the same, unless it is one of alternatives.
    mutating func field(_ number: UInt64, text: String) {
        if text.isEmpty { return }
        var text = text
        text.withUTF8 { field(number, bytes: $0) }
    }

    /// Appends a text or bytes, even where there are none.
    mutating func field(_ number: UInt64, bytes content: UnsafeBufferPointer<UInt8>) {
        varint(number << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    /// Appends an identifier of 8 or 16 bytes.
    mutating func field<Bits: FixedWidthInteger>(_ number: UInt64, identifier: Bits) {
        varint(number << 3 | 2)
        varint(UInt64(Bits.bitWidth / 8))
        withUnsafeBytes(of: identifier.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends a message.
    ///
    /// - Parameters:
    ///   - number: Its field.
    ///   - body: Writes what is in it.
    mutating func message(_ number: UInt64, _ body: (inout ProtobufWriter) -> Void) {
        varint(number << 3 | 2)
        let start = bytes.count
        bytes.append(0)
        body(&self)
        var rest = UInt64(bytes.count - start - 1)
        if rest < 0x80 {
            bytes[start] = UInt8(rest)
            return
        }
        // The length takes more than the byte that was kept: what is behind it moves up.
        let more = (63 - rest.leadingZeroBitCount) / 7
        let size = Int(rest)
        bytes.append(contentsOf: repeatElement(0, count: more))
        bytes.withUnsafeMutableBytes { buffer in
            UnsafeMutableRawBufferPointer(rebasing: buffer[(start + 1 + more)...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[(start + 1)..<(start + 1 + size)]))
            for place in start..<(start + more) {
                buffer[place] = UInt8(rest & 0x7F) | 0x80
                rest >>= 7
            }
            buffer[start + more] = UInt8(rest)
        }
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
