// Protobuf's wire format, read where it lies: fields come one after another, and nothing is copied but what is kept.
// Every length is somebody else's and is checked against what is left. It knows no message.

/// Reads the fields of one message.
struct ProtobufReader {
    /// One field as it stands on the wire.
    enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A text, bytes or a message: its place in the buffer.
        case bytes(Range<Int>)
    }

    /// The whole buffer.
    let bytes: UnsafeBufferPointer<UInt8>
    private var at: Int
    private let end: Int

    /// Reads a message that lies in a part of a buffer; the part must be in it.
    init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
    }

    /// The next field's number and value; nil at the message's end.
    mutating func next() throws(OTLPError) -> (number: UInt64, value: Value)? {
        if at == end { return nil }
        let tag = try varint()
        let value: Value
        switch tag & 7 {
        case 0: value = .varint(try varint())
        case 1: value = .fixed64(try fixed64())
        case 2: value = .bytes(try length())
        case 5: value = .fixed32(try fixed32())
        default: throw OTLPError("", "has a field of wire type \(tag & 7), which protobuf doesn't have")
        }
        guard tag >> 3 > 0 else { throw OTLPError("", "has a field of number 0, which protobuf doesn't have") }
        return (tag >> 3, value)
    }

    /// The bytes of a place in the buffer.
    func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }

    private mutating func varint() throws(OTLPError) -> UInt64 {
        var result: UInt64 = 0
        var shift: UInt64 = 0
        while at < end {
            let byte = bytes[at]
            at += 1
            result |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift += 7
            guard shift < 70 else { throw OTLPError("", "has a number of more than 10 bytes") }
        }
        throw Self.truncated
    }

    private mutating func length() throws(OTLPError) -> Range<Int> {
        let count = try varint()
        guard count <= UInt64(end - at) else { throw Self.truncated }
        defer { at += Int(count) }
        return at..<at + Int(count)
    }

    private mutating func fixed64() throws(OTLPError) -> UInt64 {
        guard end - at >= 8 else { throw Self.truncated }
        defer { at += 8 }
        return UInt64(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }

    private mutating func fixed32() throws(OTLPError) -> UInt32 {
        guard end - at >= 4 else { throw Self.truncated }
        defer { at += 4 }
        return UInt32(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: at, as: UInt32.self))
    }

    private static let truncated = OTLPError("", "ends in the middle of a field")
}
