// JSON Lines: one row a line. Lines are found here; they are parsed where they are scored.
// A byte-order mark, CRLF and empty lines are accepted; a last line without its end is a row like any other.

public import EvalCore
public import EvalJSON
internal import Foundation
internal import Synchronization

/// The rows of a JSON Lines file or stream.
public final class JSONLinesSource: RowSource {
    /// The file as the person named it.
    public var name: String { stream.name }

    private let stream: ByteStream
    private let shape: RowShape
    private let state: Mutex<State>

    private struct State {
        /// Memory for what is read; bytes before `start` were handed out, those from `end` on are not read yet.
        var buffer = [UInt8](repeating: 0, count: 2 << 20)
        var start = 0
        var end = 0
        /// How much of the buffer is known to hold no end of line.
        var scanned = 0
        var atEnd = false
        var ordinal = 0
        var line = 1
        var isFirst = true
        var digest: DigestBuilder?

        /// Moves what was not handed out to the front, and grows where that is not enough.
        mutating func makeRoom() {
            buffer.withUnsafeMutableBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
                UnsafeMutableRawBufferPointer(rebasing: bytes[..<rest.count]).copyMemory(from: rest)
            }
            scanned -= start
            end -= start
            start = 0
            if buffer.count - end < buffer.count / 2 {
                buffer.append(contentsOf: [UInt8](repeating: 0, count: buffer.count))
            }
        }
    }

    /// Opens a file; `-` is standard input.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - hashing: Whether ``digest()`` will be asked for.
    ///   - shape: How rows become records.
    /// - Throws: Why it can't be read.
    public init(path: String, hashing: Bool = true, shape: RowShape = RowShape()) throws(Diagnostic) {
        self.shape = shape
        stream = try ByteStream(path: path)
        state = Mutex(State(digest: hashing ? DigestBuilder() : nil))
    }

    /// The next lines.
    public func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
        let result: Result<Batch?, Diagnostic> = await stream.perform { [self] in
            state.withLock { state in
                do throws(Diagnostic) {
                    return .success(try cut(limit, from: &state))
                } catch {
                    return .failure(error)
                }
            }
        }
        return try result.get()
    }

    /// SHA-256 of the bytes that were read.
    public func digest() async -> Digest? {
        state.withLock { $0.digest?.finish() }
    }

    /// Cuts a batch off the front of the buffer, reading until there is one.
    private func cut(_ limit: Int, from state: inout State) throws(Diagnostic) -> Batch? {
        while true {
            var rows: [Batch.Line] = []
            var end = state.start
            var line = state.line
            state.buffer.withUnsafeBufferPointer { buffer in
                let bytes = UnsafeBufferPointer(rebasing: buffer[..<state.end])
                var from = state.start
                var search = max(state.scanned, from)
                while rows.count < limit, end - state.start < Limits.batchBytes || rows.isEmpty {
                    guard let newline = bytes.firstNewline(from: search) else {
                        state.scanned = bytes.count
                        break
                    }
                    append(bytes, from..<newline, line, to: &rows)
                    line += 1
                    from = newline + 1
                    search = from
                    end = from
                    state.scanned = from
                }
            }
            if let large = rows.first(where: { $0.range.count > Limits.rowBytes }) { throw tooLarge(large.number) }
            let isFull = rows.count == limit || end - state.start >= Limits.batchBytes
            if !isFull, state.atEnd, end < state.end {
                // The last line has no end.
                state.buffer.withUnsafeBufferPointer { append($0, end..<state.end, line, to: &rows) }
                end = state.end
                if let last = rows.last, last.range.count > Limits.rowBytes { throw tooLarge(last.number) }
            }
            if isFull || state.atEnd {
                guard end > state.start else { return nil }
                let batch = Batch(
                    name: name,
                    firstOrdinal: state.ordinal,
                    bytes: state.buffer.padded(state.start..<end),
                    base: state.start,
                    lines: rows,
                    shape: shape
                )
                state.ordinal += rows.count
                state.line = line
                state.start = end
                state.scanned = end
                if rows.isEmpty { continue }
                return batch
            }
            // What was scanned in vain is one line's beginning, unless lines were found before it.
            if end > state.start { state.scanned = state.start }
            guard state.end - end <= Limits.rowBytes else { throw tooLarge(line) }
            try read(&state)
        }
    }

    private func tooLarge(_ line: Int) -> Diagnostic {
        Diagnostic(
            "a row is larger than \(Limits.rowBytes >> 20) MiB",
            at: .init(file: name, line: line),
            help: "JSON Lines has one row a line; is this file one large JSON value? Then name it .json."
        )
    }

    private func append(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ line: Int,
        to rows: inout [Batch.Line]
    ) {
        var range = range
        if line == 1, bytes[range].starts(with: [0xEF, 0xBB, 0xBF]) { range = range.lowerBound + 3..<range.upperBound }
        while let last = range.last, bytes[last] == 0x0D || bytes[last] == 0x20 { range = range.dropLast() }
        if range.isEmpty { return }
        rows.append(Batch.Line(number: line, range: range))
    }

    private func read(_ state: inout State) throws(Diagnostic) {
        if state.buffer.count - state.end < state.buffer.count / 2 { state.makeRoom() }
        let got = try stream.read(into: &state.buffer, from: state.end)
        state.buffer.withUnsafeBytes { bytes in
            state.digest?.update(UnsafeRawBufferPointer(rebasing: bytes[state.end..<state.end + got]))
        }
        state.end += got
        if got == 0 { state.atEnd = true }
    }

    /// Lines that share one buffer.
    private struct Batch: RowBatch {
        struct Line: Sendable {
            let number: Int
            let range: Range<Int>
        }

        let name: String
        let firstOrdinal: Int
        /// The lines' bytes, and the padding that the parser may read.
        let bytes: [UInt8]
        /// Where the bytes lay when the lines were found.
        let base: Int
        let lines: [Line]
        let shape: RowShape

        var count: Int { lines.count }

        func decode() -> [DecodedRow] {
            var parser = JSONParser()
            var rows: [DecodedRow] = []
            rows.reserveCapacity(lines.count)
            bytes.withUnsafeBufferPointer { buffer in
                for line in lines {
                    let range = line.range.lowerBound - base..<line.range.upperBound - base
                    let source = bytes[range]
                    do throws(JSONError) {
                        let row = try parser.parse(padded: UnsafeBufferPointer(rebasing: buffer[range]))
                        rows.append(shape.decoded(row, at: .init(file: name, line: line.number), source: source))
                    } catch {
                        let column = error.offset.map { $0 + 1 }
                        let diagnostic = Diagnostic(
                            error.description,
                            at: .init(file: name, line: line.number, column: column)
                        )
                        rows.append(DecodedRow(record: .failure(diagnostic), source: source))
                    }
                }
            }
            return rows
        }
    }
}

extension [UInt8] {
    /// A copy of some bytes with the padding that the parser wants.
    fileprivate func padded(_ range: Range<Int>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(range.count + JSONParser.padding)
        copy.append(contentsOf: self[range])
        copy.append(contentsOf: repeatElement(0, count: JSONParser.padding))
        return copy
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The place of the first newline at or after `start`.
    fileprivate func firstNewline(from start: Int) -> Int? {
        guard start < count, let base = baseAddress, let found = memchr(base + start, 0x0A, count - start) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
