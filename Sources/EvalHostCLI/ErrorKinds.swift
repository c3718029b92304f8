// What went wrong in a run, in a few lines: the most frequent errors, each once, with how many rows have it.

internal import EvalCore
internal import EvalStore

/// The kinds of errors that a run's rows have.
struct ErrorKinds {
    /// Rows that are looked at; the first ones say what is wrong with all.
    private static let mostRows = 20_000
    private static let mostLines = 3

    private struct Kind: Hashable {
        let scorer: String
        let code: String
    }
    private var counts: [Kind: (rows: Int, message: String)] = [:]

    /// Looks through a run.
    ///
    /// - Throws: Why the store can't be read.
    init(of run: PublicID, _ scorers: [String], _ store: SQLiteStore) async throws(Diagnostic) {
        var next = 0
        var seen = 0
        while seen < Self.mostRows {
            let page = try await store.finishedVerdicts(of: run, from: next, limit: 1_000)
            guard let last = page.last else { return }
            for (_, verdicts) in page { add(verdicts, scorers) }
            seen += page.count
            next = last.mark.ordinal + 1
        }
    }

    private mutating func add(_ verdicts: [Verdict?], _ scorers: [String]) {
        for (index, verdict) in verdicts.enumerated() {
            guard case .errored(let error)? = verdict, index < scorers.count else { continue }
            // What the application failed with is every scorer's error, and said once.
            let isApplications = error.code == "predict_failed"
            if isApplications, index > 0 { continue }
            let kind = Kind(scorer: isApplications ? "the application" : scorers[index], code: error.code)
            counts[kind, default: (0, error.message)].rows += 1
        }
    }

    /// `correctness: 4 rows: rate_limited: …`, the most frequent first.
    var lines: [String] {
        let sorted = counts.sorted { ($1.value.rows, $0.key.scorer) < ($0.value.rows, $1.key.scorer) }
        var lines = sorted.prefix(Self.mostLines)
            .map { kind, found in
                let first = found.message.split(separator: "\n", maxSplits: 1).first ?? ""
                let rows = found.rows == 1 ? "1 row" : "\(found.rows) rows"
                return "\(kind.scorer): \(rows): \(kind.code): \(first.prefix(300))"
            }
        if sorted.count > Self.mostLines { lines.append("and \(sorted.count - Self.mostLines) other kinds of errors") }
        return lines
    }
}
