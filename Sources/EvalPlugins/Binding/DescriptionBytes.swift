// Reads the bytes that `ceval_describe` wrote in a worker, which may have been a hostile library's.

internal import CEvalHost
internal import EvalCore

/// What is wrong with a description, in words for its author.
struct DescriptionError: Error {
    let words: String
    init(_ words: String) { self.words = words }
}

/// The bytes of a description, read from the front; every length is checked against what is left.
struct DescriptionBytes {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    private mutating func take(_ count: Int) throws(DescriptionError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw DescriptionError("it ends in the middle") }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    mutating func number() throws(DescriptionError) -> UInt32 {
        try take(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func double() throws(DescriptionError) -> Double {
        Double(bitPattern: try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// A string; nil for a null pointer.
    mutating func text(
        _ what: @autoclosure () -> String,
        limit: UInt32 = EVALHOST_MAX_HELP_BYTES
    ) throws(DescriptionError) -> String? {
        let size = try number()
        if size == .max { return nil }
        let slice = try take(Int(size))
        guard size <= limit, let text = String(validating: slice, as: UTF8.self) else {
            throw DescriptionError("\(what()) is longer than \(limit) bytes, or not UTF-8")
        }
        return text
    }

    /// An array with as many elements as it says, if that is allowed.
    mutating func elements<Element>(
        _ limit: UInt32,
        _ what: @autoclosure () -> String,
        _ read: (inout DescriptionBytes) throws(DescriptionError) -> Element
    ) throws(DescriptionError) -> [Element] {
        let count = try number()
        guard try number() == 1 else {
            guard count == 0 else { throw DescriptionError("it has \(count) \(what()), \(limit) are allowed") }
            return []
        }
        guard count <= limit else { throw DescriptionError("it has \(count) \(what()), \(limit) are allowed") }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }
}
