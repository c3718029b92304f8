// What the store has to know of a run to write and read its rows: the integers behind its names.

internal import EvalCore
internal import GRDB

/// A run's row ids.
struct RunContext {
    /// A scorer of the run.
    struct Scorer {
        /// Its row id, which is the second part of an assessment's key.
        var id: Int64
        /// Its instance's name.
        var name: String
        /// Its name's row id.
        var nameID: Int64
        /// Its source's row id.
        var sourceID: Int64
        /// Whether it judges sessions, so that most rows have nothing of it.
        var judgesSessions: Bool
    }

    let run: Int64
    let experiment: Int64
    let scorers: [Scorer]

    /// Looks a run up.
    ///
    /// - Throws: That there is no such run.
    init(_ db: Database, _ id: PublicID, _ fault: SQLiteFault) throws {
        var found: (Int64, Int64)?
        try Query(db, "SELECT id, experiment FROM runs WHERE public_id = ?")
            .rows(.id(id)) {
                found = ($0.int64(0), $0.int64(1))
                return false
            }
        guard let (run, experiment) = found else { throw fault.noRun(id.hexadecimal) }
        self.run = run
        self.experiment = experiment
        var scorers: [Scorer] = []
        let sql = """
            SELECT s.id, n.name, s.name, s.source, s.sessions FROM run_scorers s JOIN names n ON n.id = s.name
            WHERE s.run = ? ORDER BY s.ordinal
            """
        try Query(db, sql)
            .rows(.integer(run)) {
                scorers.append(
                    Scorer(
                        id: $0.int64(0),
                        name: $0.text(1),
                        nameID: $0.int64(2),
                        sourceID: $0.int64(3),
                        judgesSessions: $0.int(4) != 0
                    )
                )
                return true
            }
        self.scorers = scorers
    }

    /// The row ids of the run's scorers, which are neighbours: they were inserted together.
    var scorerRange: ClosedRange<Int64> {
        guard let first = scorers.first, let last = scorers.last else { return 0...0 }
        return first.id...last.id
    }

    /// The scorers that judge sessions.
    var sessionScorers: [Scorer] { scorers.filter(\.judgesSessions) }

    /// Where the feedbacks of one repetition begin in the third part of an assessment's key: a trace that is judged
    /// several times in a run keeps all of them.
    static func firstNumber(of repetition: Int) -> Int64 { Int64(repetition) << numberBits }

    /// More than the feedbacks that a scorer may give for a row.
    static let numberBits: Int64 = 16
}

/// Names that are kept once: of scorers' feedbacks and of sources.
enum Interning {
    /// The row id of a name, which is made if it is missing.
    static func name(_ db: Database, _ name: String) throws -> Int64 {
        try row(
            db,
            select: "SELECT id FROM names WHERE name = ?1",
            insert: "INSERT INTO names (name) VALUES (?1)",
            name
        )
    }

    /// The row id of a source, which is made if it is missing.
    static func source(_ db: Database, _ source: AssessmentSource) throws -> Int64 {
        try row(
            db,
            select: "SELECT id FROM sources WHERE kind = ?1 AND name = ?2",
            insert: "INSERT INTO sources (kind, name) VALUES (?1, ?2)",
            source.kind.rawValue,
            source.id
        )
    }

    /// The row id of an experiment, which is made if it is missing.
    static func experiment(_ db: Database, _ name: String, now: Int64) throws -> Int64 {
        try row(
            db,
            select: "SELECT id FROM experiments WHERE name = ?1",
            insert: "INSERT INTO experiments (created, name) VALUES (\(now), ?1)",
            name
        )
    }

    private static func row(_ db: Database, select: String, insert: String, _ texts: String...) throws -> Int64 {
        var found: Int64?
        let arguments = texts.map { Query.Argument.text($0) }
        try Query(db, select)
            .rows(arguments) {
                found = $0.int64(0)
                return false
            }
        if let found { return found }
        try Query(db, insert).rows(arguments) { _ in true }
        return db.lastInsertedRowID
    }
}

extension SQLiteFault {
    /// There is no such run.
    func noRun(_ word: String, near suggestion: String? = nil) -> Diagnostic {
        Diagnostic(
            "there is no run '\(word)' in the store",
            at: .init(file: path),
            didYouMean: suggestion,
            help: "`evalhost runs list` shows the runs; RUN is an id, the beginning of one, a name, or 'latest'."
        )
    }
}
