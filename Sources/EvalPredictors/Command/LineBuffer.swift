// Cutting a stream into lines, with a bound on how long one may be.

internal import EvalJSON

/// Bytes that were read and not yet used, followed by what the JSON parser wants to find behind a document.
struct LineBuffer {
    private var bytes: [UInt8] = []
    /// Where the bytes of the stream end; behind them is room.
    private var end = 0
    /// Where the first line begins.
    private var start = 0
    /// Up to where there is no newline.
    private var searched = 0

    /// How many bytes wait for the end of their line.
    var pending: Int { end - start }

    /// Reads more of the stream behind what is there.
    ///
    /// - Parameters:
    ///   - room: The most bytes to read.
    ///   - read: It fills the memory and returns how many bytes it wrote, or something below 1.
    /// - Returns: What `read` returned.
    mutating func fill(_ room: Int, _ read: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        if start > 0 {
            bytes.removeSubrange(..<start)
            (end, searched, start) = (end - start, searched - start, 0)
        }
        let needed = end + room + JSONParser.padding
        if bytes.count < needed { bytes.append(contentsOf: repeatElement(0, count: needed - bytes.count)) }
        let from = end
        let count = bytes.withUnsafeMutableBytes { memory in
            read(UnsafeMutableRawBufferPointer(rebasing: memory[from..<from + room]))
        }
        if count > 0 { end += count }
        return count
    }

    /// Takes the next whole line, without its newline; `JSONParser.padding` readable bytes follow it.
    mutating func withNextLine<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        let found = bytes.withUnsafeBufferPointer { memory in
            memory[searched..<end].firstIndex(of: UInt8(ascii: "\n"))
        }
        guard let newline = found else {
            searched = end
            return nil
        }
        defer {
            start = newline + 1
            searched = start
        }
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<newline])) }
    }

    /// Takes what is left when the stream has ended in the middle of a line.
    mutating func withRest<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result? {
        guard end > start else { return nil }
        defer { start = end }
        return bytes.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }

    /// Forgets everything and gives the memory back.
    mutating func clear() { self = LineBuffer() }
}
