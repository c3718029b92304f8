// Judges of people's own, with every version that they had.

public import EvalCore
public import EvalJSON
internal import GRDB

extension SQLiteStore: JudgeRegistry {
    /// Keeps a judge as the newest version of its name; one that is the same as the newest is not kept twice.
    public func register(
        _ name: String,
        _ definition: JSON,
        in experiment: String
    ) async throws(Diagnostic) -> (judge: RegisteredJudge, isNew: Bool) {
        let now = options.now()
        let digest = definition.digest
        return try await write { db in
            let id = try Interning.experiment(db, experiment, now: now)
            let newest = try Self.judges(
                db,
                "x.id = ? AND j.name = ? ORDER BY j.version DESC LIMIT 1",
                [.integer(id), .text(name)]
            )
            if let newest = newest.first, newest.definition.digest == digest { return (newest, false) }
            let judge = RegisteredJudge(
                name: name,
                experiment: experiment,
                version: (newest.first?.version ?? 0) + 1,
                definition: definition,
                createdMilliseconds: now
            )
            let sql = """
                INSERT INTO judges (experiment, name, version, definition, digest, created) VALUES (?, ?, ?, ?, ?, ?)
                """
            try Query(db, sql)
                .rows(
                    .integer(id),
                    .text(name),
                    .int(judge.version),
                    .text(definition.serialized),
                    .blob(digest.bytes),
                    .integer(now)
                ) { _ in true }
            return (judge, true)
        }
    }

    /// The newest version of each judge, sorted by name, then by experiment.
    public func judges(of experiment: String?) async throws(Diagnostic) -> [RegisteredJudge] {
        let newest = """
            j.version = (SELECT max(o.version) FROM judges o WHERE o.experiment = j.experiment AND o.name = j.name)
            AND (?1 IS NULL OR x.name = ?1) ORDER BY j.name, x.name
            """
        return try await read { db in try Self.judges(db, newest, [.optional(experiment)]) }
    }

    /// All versions of a judge, the newest first.
    public func versions(of name: String, in experiment: String) async throws(Diagnostic) -> [RegisteredJudge] {
        try await read { db in
            try Self.judges(db, "x.name = ? AND j.name = ? ORDER BY j.version DESC", [.text(experiment), .text(name)])
        }
    }

    private static func judges(
        _ db: Database,
        _ condition: String,
        _ arguments: [Query.Argument]
    ) throws -> [RegisteredJudge] {
        var judges: [RegisteredJudge] = []
        let sql = """
            SELECT j.name, x.name, j.version, j.definition, j.created
            FROM judges j JOIN experiments x ON x.id = j.experiment WHERE \(condition)
            """
        try Query(db, sql)
            .rows(arguments) { row in
                judges.append(
                    RegisteredJudge(
                        name: row.text(0),
                        experiment: row.text(1),
                        version: row.int(2),
                        definition: try row.json(3) ?? .null,
                        createdMilliseconds: row.int64(4)
                    )
                )
                return true
            }
        return judges
    }
}
