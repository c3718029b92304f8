// What a process writes to its standard error: the newest part, so that a flood takes no memory.

/// The end of a stream, with the places at which rows began to listen.
struct ErrorLog {
    /// How much of the stream a row may have, in bytes.
    static let rowBytes = 64 << 10
    /// How much of it an error shows, in bytes.
    static let errorBytes = 4 << 10

    /// How many bytes came in all.
    private(set) var position = 0
    private var kept: [UInt8] = []

    mutating func append(_ bytes: some Collection<UInt8>) {
        position += bytes.count
        kept.append(contentsOf: bytes)
        if kept.count > 4 * Self.rowBytes { kept.removeFirst(kept.count - Self.rowBytes) }
    }

    /// What came after `start`, or its end if that is more than `limit` bytes; nil if nothing came.
    func text(since start: Int, limit: Int) -> String? {
        let wanted = position - start
        guard wanted > 0 else { return nil }
        let count = min(wanted, limit, kept.count)
        var bytes = kept[(kept.count - count)...]
        if count < wanted {
            // Not in the middle of a character.
            bytes = bytes.drop { $0 & 0xC0 == 0x80 }
            return "…" + String(decoding: bytes, as: UTF8.self)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The last line that isn't empty, for those who come too late for the rest.
    var lastLine: String? {
        let bytes = kept.suffix(Self.errorBytes)
        let line = bytes.split(separator: UInt8(ascii: "\n")).last { line in line.contains { $0 > 0x20 } }
        return line.map { String(decoding: $0.prefix(300), as: UTF8.self) }
    }
}
