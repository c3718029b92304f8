// Rows as bytes that can travel: written once by who has the rows, sent to workers as often as it takes.

internal import CEvalHost
internal import CEvalTransport
internal import Foundation

/// Encoded rows, one after another, each by itself.
///
/// One task writes it, and hands it over when it is complete; from then on it is only read.
final class RowBuffer: @unchecked Sendable {
    private(set) var bytes: UnsafeMutableRawPointer?
    private var capacity = 0
    /// Where each row begins, and the end.
    private(set) var offsets: [Int] = [0]

    /// The repetitions of the rows; empty where all are 0, which is usual.
    private(set) var repetitions: [Int] = []

    /// Says which repetition of its record the last row is.
    func setRepetition(_ repetition: Int) {
        if repetition == 0, repetitions.isEmpty { return }
        while repetitions.count < count { repetitions.append(0) }
        repetitions[count - 1] = repetition
    }

    /// Which repetition of its record a row is.
    func repetition(of row: Int) -> Int { row < repetitions.count ? repetitions[row] : 0 }

    /// Rows that it has.
    var count: Int { offsets.count - 1 }
    /// Bytes that it has.
    var byteCount: Int { offsets[offsets.count - 1] }

    deinit { free(bytes) }

    /// Adds a row.
    ///
    /// - Returns: Whether there was room: a row has a limit, and so has memory.
    func append(
        _ fields: UnsafePointer<evalhost_field>?,
        _ count: Int,
        id: evalhost_text,
        startNanoseconds: Int64 = 0,
        limit: Int
    ) -> Bool {
        let size = Int(ceval_row_size(fields, UInt32(count), id))
        guard size > 0, size <= limit, reserve(byteCount + size), let bytes else { return false }
        let to = (bytes + byteCount).assumingMemoryBound(to: UInt8.self)
        ceval_row_write(to, UInt64(size), fields, UInt32(count), id, startNanoseconds)
        offsets.append(byteCount + size)
        return true
    }

    private func reserve(_ needed: Int) -> Bool {
        if needed <= capacity { return true }
        let grown = max(needed, min(capacity * 2, capacity + (16 << 20)), 64 << 10)
        guard let memory = realloc(bytes, grown) else { return false }
        bytes = memory
        capacity = grown
        return true
    }

    /// The bytes of some rows.
    func slice(_ rows: Range<Int>) -> UnsafeRawBufferPointer {
        guard let bytes else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let range = offsets[rows.lowerBound]..<offsets[rows.upperBound]
        return UnsafeRawBufferPointer(start: bytes + range.lowerBound, count: range.count)
    }
}
