// Registered scorers and their samplings in the store.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: ScorerRegistry {
    /// Keeps a scorer as the newest version of its name.
    public func registerScorer(
        _ name: String,
        definition: String,
        in experiment: Int64
    ) async throws -> RegisteredScorer {
        let now = options.now()
        return try await transact { db in
            try db.refuseInactive(experiment: experiment)
            try db.run(
                "INSERT OR IGNORE INTO scorers (public_id, experiment, name) VALUES (?, ?, ?)",
                .id(.make()),
                .integer(experiment),
                .text(name)
            )
            let id = try Self.scorer(db, name, experiment)
            let sql = """
                INSERT INTO scorer_versions (scorer, version, definition, created)
                SELECT ?1, ifnull(max(version), 0) + 1, ?2, ?3 FROM scorer_versions WHERE scorer = ?1
                """
            try db.run(sql, .integer(id), .text(definition), .integer(now))
            let newest = try Self.scorers(db, "s.id = ? ORDER BY v.version DESC LIMIT 1", [.integer(id)]).first
            guard let newest else { throw Damage("a scorer's version is gone") }
            return newest
        }
    }

    /// The newest version of each scorer, by name.
    public func scorers(in experiments: [Int64]?) async throws -> [RegisteredScorer] {
        let list = experiments.map { JSON.array($0.map { JSON($0) }).serialized }
        let newest = """
            v.version = (SELECT max(o.version) FROM scorer_versions o WHERE o.scorer = s.id)
            AND CASE WHEN ?1 IS NULL THEN s.experiment IN (SELECT id FROM experiments WHERE deleted IS NULL)
                ELSE s.experiment IN (SELECT value FROM json_each(?1)) END
            ORDER BY s.name, s.experiment
            """
        return try await look { db in try Self.scorers(db, newest, [.optional(list)]) }
    }

    /// All versions of a scorer, the oldest first.
    public func scorerVersions(_ name: String, in experiment: Int64) async throws -> [RegisteredScorer] {
        try await look { db in
            let id = try Self.scorer(db, name, experiment)
            return try Self.scorers(db, "s.id = ? ORDER BY v.version", [.integer(id)])
        }
    }

    /// A version of a scorer; the newest where none is named.
    public func scorer(_ name: String, version: Int64?, in experiment: Int64) async throws -> RegisteredScorer {
        try await look { db in
            let id = try Self.scorer(db, name, experiment)
            let condition = "s.id = ?1 AND (?2 IS NULL OR v.version = ?2) ORDER BY v.version DESC LIMIT 1"
            let number = version.map { Query.Argument.integer($0) } ?? .null
            guard let found = try Self.scorers(db, condition, [.integer(id), number]).first else {
                throw Self.missingScorer(name, version, experiment)
            }
            return found
        }
    }

    /// Forgets a version of a scorer; all of them where none is named.
    public func deleteScorer(_ name: String, version: Int64?, in experiment: Int64) async throws {
        try await transact { db in
            let id = try Self.scorer(db, name, experiment)
            let number = version.map { Query.Argument.integer($0) } ?? .null
            let condition = "scorer = ?1 AND (?2 IS NULL OR version = ?2)"
            let sql = "SELECT 1 FROM scorer_versions WHERE \(condition) LIMIT 1"
            guard try db.first(sql, .integer(id), number, body: { _ in true }) != nil else {
                throw Self.missingScorer(name, version, experiment)
            }
            try db.run("DELETE FROM scorer_versions WHERE \(condition)", .integer(id), number)
            let left = "SELECT 1 FROM scorer_versions WHERE scorer = ? LIMIT 1"
            if try db.first(left, .integer(id), body: { _ in true }) == nil {
                try db.run("DELETE FROM scorer_sampling WHERE scorer = ?", .integer(id))
                try db.run("DELETE FROM scorers WHERE id = ?", .integer(id))
            }
        }
    }

    /// Says which traces a scorer shall judge.
    public func sample(
        _ name: String,
        in experiment: Int64,
        rate: Double,
        filter: String?
    ) async throws -> ScorerSampling {
        try await transact { db in
            try db.refuseInactive(experiment: experiment)
            let id = try Self.scorer(db, name, experiment)
            let sql = """
                INSERT INTO scorer_sampling (scorer, public_id, rate, filter) VALUES (?, ?, ?, ?)
                ON CONFLICT (scorer) DO UPDATE SET rate = excluded.rate, filter = excluded.filter
                """
            try db.run(sql, .integer(id), .id(.make()), .number(rate), .optional(filter))
            guard let sampling = try Self.samplings(db, "s.id = ?", [.integer(id)]).first else {
                throw Damage("a scorer's sampling is gone")
            }
            return sampling
        }
    }

    /// The samplings of scorers.
    public func samplings(of scorers: [PublicID]) async throws -> [ScorerSampling] {
        try await look { db in try scorers.flatMap { try Self.samplings(db, "s.public_id = ?", [.id($0)]) } }
    }

    private static func scorer(_ db: Database, _ name: String, _ experiment: Int64) throws -> Int64 {
        let sql = "SELECT id FROM scorers WHERE experiment = ? AND name = ?"
        guard let id = try db.first(sql, .integer(experiment), .text(name), body: { $0.int64(0) }) else {
            throw missingScorer(name, nil, experiment)
        }
        return id
    }

    private static func missingScorer(_ name: String, _ version: Int64?, _ experiment: Int64) -> Refusal {
        let version = version.map { " and version \($0)" } ?? ""
        return .missing("Scorer with name '\(name)'\(version) not found for experiment \(experiment).")
    }

    private static func scorers(
        _ db: Database,
        _ condition: String,
        _ arguments: [Query.Argument]
    ) throws -> [RegisteredScorer] {
        let sql = """
            SELECT s.public_id, s.experiment, s.name, v.version, v.definition, v.created
            FROM scorer_versions v JOIN scorers s ON s.id = v.scorer WHERE \(condition)
            """
        return try db.all(sql, arguments) { row in
            RegisteredScorer(
                id: try row.publicID(0),
                experiment: row.int64(1),
                name: row.text(2),
                version: row.int64(3),
                definition: row.text(4),
                createdMilliseconds: row.int64(5)
            )
        }
    }

    private static func samplings(
        _ db: Database,
        _ condition: String,
        _ arguments: [Query.Argument]
    ) throws -> [ScorerSampling] {
        let sql = """
            SELECT p.public_id, s.public_id, s.experiment, p.rate, p.filter
            FROM scorer_sampling p JOIN scorers s ON s.id = p.scorer WHERE \(condition)
            """
        return try db.all(sql, arguments) { row in
            ScorerSampling(
                id: try row.publicID(0),
                scorer: try row.publicID(1),
                experiment: row.int64(2),
                rate: row.double(3),
                filter: row.optionalText(4)
            )
        }
    }
}
