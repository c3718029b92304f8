// Canonical JSON and digests: two texts of the same value give the same bytes, hence the same SHA-256.
// Keys sorted by code point, no white space, integers of 64 bits exact, other numbers as the shortest double,
// 1 and 1.0 one value. The idea is RFC 8785's; numbers differ from it where int64 is exact and a double is not.

extension JSONWriter {
    /// Appends a value in canonical form.
    ///
    /// - Parameters:
    ///   - json: The value.
    ///   - child: Told where the canonical text of each member of the top object lies in ``bytes``,
    ///     so that a part's digest costs no second writing.
    public mutating func writeCanonical(_ json: JSON, child: (Text, Range<Int>) -> Void = { _, _ in }) {
        switch json.kind {
        case .object:
            var members = Array(json.members)
            if members.count > 1 { members.sort { $0.key.precedes($1.key) } }
            bytes.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                // Of a key written twice the last counts; the sort is stable.
                if position + 1 < members.count, members[position + 1].key == member.key { continue }
                if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
                write(member.key)
                bytes.append(UInt8(ascii: ":"))
                let start = bytes.count
                writeCanonical(member.value)
                child(member.key, start..<bytes.count)
            }
            bytes.append(UInt8(ascii: "}"))
        case .array:
            bytes.append(UInt8(ascii: "["))
            var first = true
            for element in json.elements {
                if first { first = false } else { bytes.append(UInt8(ascii: ",")) }
                writeCanonical(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .number:
            writeCanonical(json.number ?? 0)
        default:
            write(json)
        }
    }

    private mutating func writeCanonical(_ number: Double) {
        if let whole = Int64(exactly: number) { return write(whole) }
        bytes.append(contentsOf: number.description.utf8)
    }
}

extension JSON {
    /// The value in canonical form.
    public var canonical: String {
        var writer = JSONWriter()
        writer.writeCanonical(self)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// SHA-256 of the canonical form.
    public var digest: Digest {
        var writer = JSONWriter()
        writer.writeCanonical(self)
        return Digest(of: writer.bytes)
    }
}

extension Text {
    /// Whether this comes first in the order of code points, which is that of UTF-8 bytes.
    func precedes(_ other: Text) -> Bool {
        withUTF8 { a in
            other.withUTF8 { b in
                let order = compareBytes(a, b, Swift.min(a.count, b.count))
                return order == 0 ? a.count < b.count : order < 0
            }
        }
    }
}
