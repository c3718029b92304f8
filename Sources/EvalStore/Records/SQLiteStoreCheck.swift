// Whether a store is whole: SQLite's own checks, then what must hold between our tables.

public import EvalCore
internal import GRDB

/// What a check of a store found.
public struct StoreCheck: Sendable {
    /// What is wrong; empty for a store that is whole.
    public var problems: [String]
    /// How many rows the main tables have, by name.
    public var counts: [(table: String, rows: Int)]
}

extension SQLiteStore {
    /// What must not be: a statement that counts, and what it counts in words.
    private static let rules: [(words: String, sql: String)] = [
        (
            "parts of spans belong to no trace",
            "SELECT count(*) FROM trace_parts p WHERE NOT EXISTS (SELECT 1 FROM traces t WHERE t.id = p.trace)"
        ),
        (
            "traces have another number of parts than they say",
            "SELECT count(*) FROM traces t WHERE t.parts <> (SELECT count(*) FROM trace_parts p WHERE p.trace = t.id)"
        ),
        (
            "assessments belong to no trace",
            "SELECT count(*) FROM assessments a WHERE NOT EXISTS (SELECT 1 FROM traces t WHERE t.id = a.trace)"
        ),
        (
            "assessments have no name or source",
            """
            SELECT count(*) FROM assessments a WHERE NOT EXISTS (SELECT 1 FROM names n WHERE n.id = a.name)
                OR NOT EXISTS (SELECT 1 FROM sources s WHERE s.id = a.source)
            """
        ),
        (
            "rows of runs have no trace or no run",
            """
            SELECT count(*) FROM run_rows l WHERE NOT EXISTS (SELECT 1 FROM traces t WHERE t.id = l.trace)
                OR NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = l.run)
            """
        ),
        (
            "links between traces and runs lead nowhere",
            """
            SELECT count(*) FROM trace_runs l WHERE NOT EXISTS (SELECT 1 FROM traces t WHERE t.id = l.trace)
                OR NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = l.run)
            """
        ),
        (
            "traces or runs belong to no experiment",
            """
            SELECT (SELECT count(*) FROM traces t WHERE t.experiment NOT IN (SELECT id FROM experiments))
                + (SELECT count(*) FROM runs r WHERE r.experiment NOT IN (SELECT id FROM experiments))
            """
        ),
        (
            "data sets have no newest version",
            """
            SELECT count(*) FROM datasets d WHERE NOT EXISTS
                (SELECT 1 FROM dataset_versions v WHERE v.dataset = d.id AND v.version = d.version)
            """
        ),
        (
            "values that should be JSON aren't",
            """
            SELECT (SELECT count(*) FROM traces WHERE NOT json_valid(spans) OR NOT json_valid(ifnull(tags, '{}'))
                    OR NOT json_valid(ifnull(metadata, '{}')))
                + (SELECT count(*) FROM trace_parts WHERE NOT json_valid(spans))
                + (SELECT count(*) FROM dataset_records WHERE NOT json_valid(content))
            """
        ),
    ]

    /// Checks the whole store, which takes as long as reading it.
    public func check() async throws(Diagnostic) -> StoreCheck {
        try await read { db in
            var problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            for (words, sql) in Self.rules {
                let count = try db.first(sql) { $0.int(0) } ?? 0
                if count > 0 { problems.append("\(count) \(words)") }
            }
            let counts = try ["experiments", "runs", "traces", "assessments", "datasets"]
                .map { table in (table: table, rows: try db.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? 0) }
            return StoreCheck(problems: problems, counts: counts)
        }
    }
}
