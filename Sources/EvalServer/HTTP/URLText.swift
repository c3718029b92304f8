// The query of an address: RFC 3986, with `+` for a space as forms have it.

enum URLText {
    /// The names and values of a query, in their order.
    static func pairs(_ query: Substring) throws(APIError) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for piece in query.split(separator: "&") {
            let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? try decoded(parts[1], plusIsSpace: true) : ""
            pairs.append((try decoded(parts[0], plusIsSpace: true), value))
        }
        return pairs
    }

    /// A text without its percent signs.
    ///
    /// - Parameters:
    ///   - text: A part of an address.
    ///   - plusIsSpace: Whether `+` stands for a space, as it does in a query.
    /// - Returns: The text that was meant.
    /// - Throws: That an escape isn't two hexadecimal digits, or the bytes aren't UTF-8.
    static func decoded(_ text: Substring, plusIsSpace: Bool) throws(APIError) -> String {
        guard text.utf8.contains(where: { $0 == 0x25 || $0 == 0x2B }) else { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x25:
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    throw APIError(.badRequest, "The address has a `%` without two hexadecimal digits: \(text).")
                }
                bytes.append(high << 4 | low)
            case 0x2B where plusIsSpace: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw APIError(.badRequest, "The address isn't UTF-8: \(text).")
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
