// `--filter`, `--sample` and `--limit`: some of a source's rows. They are counted anew, in the source's order.

public import EvalCore
public import EvalJSON
internal import Synchronization

/// Which rows of a source are evaluated.
public struct RowSelection: Sendable {
    /// The condition that a row satisfies; a malformed row is never left out.
    public var filter: RowFilter?
    /// How many rows are drawn at random of those that the filter leaves; nil takes all.
    public var sample: Int?
    /// What decides which rows are drawn.
    public var seed: UInt64 = 0
    /// The most rows.
    public var limit: Int?

    /// All rows.
    public init() {}

    /// Whether all rows are taken.
    public var isEverything: Bool { filter == nil && sample == nil && limit == nil }
}

/// The selected rows of a source.
public final class SelectedSource: RowSource {
    /// What the source is.
    public var name: String { inner.name }

    private let inner: any RowSource
    private let selection: RowSelection
    private let given = Counter()
    private let refused = Counter()
    private let drawn = Mutex<[DecodedRow]?>(nil)

    /// Selects rows of a source.
    public init(_ inner: any RowSource, _ selection: RowSelection) {
        self.inner = inner
        self.selection = selection
    }

    /// The next rows.
    public func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
        let allowed = min(limit, (selection.limit ?? .max) - given.current)
        guard allowed > 0 else { return nil }
        if selection.sample != nil { return try await nextDrawn(allowed) }
        guard selection.filter != nil else {
            guard let batch = try await inner.next(limit: allowed) else { return nil }
            _ = given.advance(by: batch.count)
            return batch
        }
        while let batch = try await inner.next(limit: limit) {
            let rows = satisfying(batch).prefix(allowed)
            if rows.isEmpty { continue }
            return Batch(firstOrdinal: given.advance(by: rows.count), rows: Array(rows))
        }
        try refuseNothing()
        return nil
    }

    /// A filter that leaves no row is a mistake of the filter, not of the data.
    private func refuseNothing() throws(Diagnostic) {
        guard given.current == 0, refused.current > 0, let filter = selection.filter else { return }
        throw Diagnostic("none of the \(refused.current) rows satisfies '\(filter)'", at: .init(file: name))
    }

    /// SHA-256 of all that was read.
    public func digest() async -> Digest? { await inner.digest() }

    private func satisfying(_ batch: any RowBatch) -> [DecodedRow] {
        let rows = batch.decode()
        guard let filter = selection.filter else { return rows }
        let wanted = rows.filter { row in
            guard case .success(let record) = row.record else { return true }
            return filter.holds(for: record.row)
        }
        _ = refused.advance(by: rows.count - wanted.count)
        return wanted
    }

    private func nextDrawn(_ allowed: Int) async throws(Diagnostic) -> (any RowBatch)? {
        if drawn.withLock({ $0 == nil }) {
            let rows = try await draw()
            drawn.withLock { $0 = rows }
        }
        let start = given.advance(by: allowed)
        let rows = drawn.withLock { Array(($0 ?? []).dropFirst(start).prefix(allowed)) }
        return rows.isEmpty ? nil : Batch(firstOrdinal: start, rows: rows)
    }

    /// Draws rows without knowing how many there are, and puts them in their order.
    ///
    /// It is J. S. Vitter's Algorithm R (1985).
    private func draw() async throws(Diagnostic) -> [DecodedRow] {
        let wanted = selection.sample ?? 0
        var generator = SeededGenerator(seed: selection.seed)
        var kept: [(place: Int, row: DecodedRow)] = []
        var seen = 0
        while let batch = try await inner.next(limit: Limits.batchRows) {
            for row in satisfying(batch) {
                if kept.count < wanted {
                    kept.append((seen, row))
                } else {
                    let place = Int.random(in: 0...seen, using: &generator)
                    if place < wanted { kept[place] = (seen, row) }
                }
                seen += 1
            }
        }
        if kept.isEmpty { try refuseNothing() }
        return kept.sorted { $0.place < $1.place }.map(\.row)
    }

    private struct Batch: RowBatch {
        let firstOrdinal: Int
        let rows: [DecodedRow]
        var count: Int { rows.count }
        func decode() -> [DecodedRow] { rows }
    }
}
