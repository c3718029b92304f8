// Where rows come from. A source gives batches that are still undecoded, so that reading stays cheap and
// decoding happens on the lanes that score.

public import EvalJSON

/// A trace that a row or an application brings as JSON, with the ground truth that people attached to it.
public struct TraceInJSON: Sendable {
    /// What happened.
    public var trace: Trace
    /// The trace's expectations by name: an object; nil where it has none.
    public var expectations: JSON?

    /// Makes a pair.
    public init(trace: Trace, expectations: JSON? = nil) {
        self.trace = trace
        self.expectations = expectations
    }
}

/// Reads the traces that rows and applications bring as JSON.
public protocol TraceReader: Sendable {
    /// Reads one trace.
    ///
    /// - Parameter json: An object, or a string that holds it.
    /// - Returns: The trace; it has an identifier of its own where the JSON has none.
    /// - Throws: What in it is missing or malformed.
    func trace(_ json: JSON) throws(Diagnostic) -> TraceInJSON
}

/// Gives the rows of a data set in their order, a batch at a time.
public protocol RowSource: Sendable {
    /// What the source is, for messages and for the run.
    var name: String { get }

    /// The next rows, or nil at the end.
    ///
    /// Called again only after it has returned.
    /// - Parameter limit: The most rows that the batch may have.
    /// - Returns: One row at least, or nil.
    /// - Throws: Why reading can't go on.
    func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)?

    /// SHA-256 of all that was read, at the end; nil where the source has none.
    func digest() async -> Digest?
}

/// Rows that were read together and are not yet decoded.
public protocol RowBatch: Sendable {
    /// The place of the first row in the source, from 0.
    var firstOrdinal: Int { get }
    /// How many rows there are.
    var count: Int { get }
    /// Decodes the rows in their order; a row that can't be decoded says why.
    func decode() -> [DecodedRow]
}

/// A row after decoding.
public struct DecodedRow: Sendable {
    /// The record, or why there is none.
    public let record: Result<Record, Diagnostic>
    /// The row's own bytes without its end of line, where the source has bytes.
    public let source: ArraySlice<UInt8>
    /// The trace that the row is about: read from its JSON, or in the store already, so that feedback lands on it.
    public let trace: Trace?

    /// Makes a decoded row.
    public init(record: Result<Record, Diagnostic>, source: ArraySlice<UInt8> = [], trace: Trace? = nil) {
        self.record = record
        self.source = source
        self.trace = trace
    }
}

/// Records that are in memory already.
public final class RecordSource: RowSource {
    /// What the source is called.
    public let name: String
    private let records: [Record]
    private let position = Counter()

    /// Makes a source of records.
    public init(_ records: [Record], name: String = "records") {
        self.records = records
        self.name = name
    }

    /// The next records.
    public func next(limit: Int) async throws(Diagnostic) -> (any RowBatch)? {
        let start = position.advance(by: limit)
        guard start < records.count else { return nil }
        return Batch(firstOrdinal: start, records: records[start..<min(start + limit, records.count)])
    }

    /// Records in memory have no bytes to hash.
    public func digest() async -> Digest? { nil }

    private struct Batch: RowBatch {
        let firstOrdinal: Int
        let records: ArraySlice<Record>
        var count: Int { records.count }
        func decode() -> [DecodedRow] { records.map { DecodedRow(record: .success($0)) } }
    }
}
