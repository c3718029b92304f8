// From a row of JSON to a record: its keys mapped, its trace read.

public import EvalCore
package import EvalJSON

/// How the rows of a source become records.
public struct RowShape: Sendable {
    /// Which fields move.
    public var mapping = RowMapping()
    /// What reads traces in rows; nil refuses them.
    public var traces: (any TraceReader)?

    /// Rows as they are.
    public init(mapping: RowMapping = RowMapping(), traces: (any TraceReader)? = nil) {
        self.mapping = mapping
        self.traces = traces
    }

    /// A row as a record, or why it is none.
    ///
    /// - Parameters:
    ///   - row: The row.
    ///   - location: Where it stands.
    ///   - source: Its own bytes.
    /// - Returns: The decoded row.
    package func decoded(_ row: JSON, at location: Diagnostic.Location, source: ArraySlice<UInt8>) -> DecodedRow {
        do throws(Diagnostic) {
            if let key = row.firstDuplicateKey() {
                throw Diagnostic("the key '\(key.prefix(64))' stands twice in one object")
            }
            let record = try Record(row: mapping.isEmpty ? row : mapping.apply(to: row))
            guard let json = record.trace else { return DecodedRow(record: .success(record), source: source) }
            guard let traces else { throw Diagnostic("rows with a 'trace' can't be read here") }
            let told = try traces.trace(json)
            return DecodedRow(record: .success(record.filled(from: told)), source: source, trace: told.trace)
        } catch {
            return DecodedRow(record: .failure(error.located(location)), source: source)
        }
    }
}
