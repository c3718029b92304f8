// Where the rows of a request come from: a file, standard input, or traces or a data set of the store.

internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalStore
internal import EvalWire
internal import Foundation

/// Rows that are open.
struct OpenedRows {
    let source: any RowSource
    /// The place of the last trace that counts, where they are traces.
    var lastTrace: Int64?
    /// The data set's version that is read, as `dataset:NAME@VERSION`.
    var version: String?
    /// How many records there are, where that is known.
    var records: Int?
}

/// Opens rows.
enum DataSource {
    /// How rows become records.
    static func shape(_ rows: EvaluationRequest.Rows) -> RowShape {
        RowShape(mapping: rows.mapping, traces: MLflowTraceReader())
    }

    /// Opens the rows of a request.
    ///
    /// - Parameters:
    ///   - rows: Which rows.
    ///   - store: Where traces are; nil where nothing is stored.
    /// - Returns: The rows, and what a run needs to read the same ones again.
    /// - Throws: Why they can't be read.
    static func open(
        _ rows: EvaluationRequest.Rows,
        store: () throws(Diagnostic) -> SQLiteStore
    ) async throws(Diagnostic) -> OpenedRows {
        let data = rows.data ?? "-"
        do throws(Diagnostic) {
            if data.hasPrefix("dataset:") { return try await dataset(String(data.dropFirst(8)), rows, store()) }
            guard let condition = rows.traceFilter else {
                let source = try await DataFile.open(data, shape: shape(rows), selection: rows.selection)
                return OpenedRows(source: source)
            }
            guard rows.mapping.isEmpty else { throw Diagnostic("--map is for the rows of files, not for traces") }
            let wanted = try Self.condition(condition)
            let traces = try await StoredTraces(store(), wanted, last: rows.lastTrace)
            let source: any RowSource =
                rows.selection.isEverything ? traces : SelectedSource(traces, rows.selection)
            return OpenedRows(source: source, lastTrace: traces.lastPlace)
        } catch {
            // The suite's line is the better place where the path stands in it.
            guard let file = rows.location.file else { throw error }
            guard let path = error.location.file, path == data else { throw error.located(rows.location) }
            var error = error
            error.message = "\(error.message): \(path)"
            error.location = rows.location
            error.location.file = file
            throw error
        }
    }

    /// The condition of `traces:CONDITION`, in the language of rows or in MLflow's.
    ///
    /// What both can say means what it means for rows. What names a field that rows of traces don't have, such as
    /// `span.type` or `expectation.NAME`, is MLflow's.
    ///
    /// - Throws: What is wrong with it as a condition on rows.
    static func condition(_ text: String) throws(Diagnostic) -> TraceCondition {
        if text.allSatisfy(\.isWhitespace) { return .all }
        // Only MLflow's language writes names between backticks.
        let mlflow = try? MLflowSearchGrammar.traces.filter(text)
        if text.contains("`"), let mlflow { return .search(mlflow, text) }
        do throws(Diagnostic) {
            let filter = try RowFilter(text)
            if filter.roots.isSubset(of: TraceCondition.fields) { return .row(filter) }
            return mlflow.map { .search($0, text) } ?? .row(filter)
        } catch {
            guard let mlflow else { throw error }
            return .search(mlflow, text)
        }
    }

    private static func dataset(
        _ name: String,
        _ rows: EvaluationRequest.Rows,
        _ store: SQLiteStore
    ) async throws(Diagnostic) -> OpenedRows {
        guard rows.mapping.isEmpty else { throw Diagnostic("--map is for the rows of files, not for data sets") }
        let dataset = try await store.dataset(named: name)
        let records = StoredDataset(store, dataset)
        let source: any RowSource = rows.selection.isEverything ? records : SelectedSource(records, rows.selection)
        return OpenedRows(source: source, version: records.name, records: dataset.records)
    }

    /// The inputs of the first row of a file; nil where the rows can be read only once, or are traces, or have none.
    ///
    /// - Throws: Why the file can't be read.
    static func firstInputs(_ rows: EvaluationRequest.Rows) async throws(Diagnostic) -> JSON? {
        guard let path = rows.data, DataFile.isRegular(path) else { return nil }
        let source = try await DataFile.open(path, hashing: false, shape: shape(rows), selection: rows.selection)
        guard let row = try await source.next(limit: 1)?.decode().first else { return nil }
        return try? row.record.get().inputs
    }

    /// How many rows there will be, guessed from the file's size and its first lines; nil where nobody can know.
    static func expectedRows(_ rows: EvaluationRequest.Rows, of opened: OpenedRows) -> Int? {
        guard let path = rows.data, let inFile = opened.records ?? guess(path) else {
            return rows.selection.sample ?? rows.selection.limit
        }
        let wanted = [rows.selection.sample, rows.selection.limit].compactMap { $0 }.min()
        if rows.selection.filter != nil { return nil }
        return min(inFile, wanted ?? .max)
    }

    private static func guess(_ path: String) -> Int? {
        guard DataFile.isRegular(path), !path.hasSuffix(".gz"), let handle = FileHandle(forReadingAtPath: path) else {
            return nil
        }
        defer { try? handle.close() }
        guard let size = try? handle.seekToEnd(), size > 0, (try? handle.seek(toOffset: 0)) != nil,
            let start = try? handle.read(upToCount: 1 << 20), !start.starts(with: [0x1F, 0x8B])
        else { return nil }
        let header = path.lowercased().hasSuffix(".csv") || path.lowercased().hasSuffix(".tsv") ? 1 : 0
        let lines = start.count { $0 == 0x0A }
        if start.count == Int(size) { return max(1, lines + (start.last == 0x0A ? 0 : 1) - header) }
        return lines == 0 ? nil : Int(Double(size) / Double(start.count) * Double(lines))
    }
}
