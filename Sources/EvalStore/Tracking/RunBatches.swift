// What is logged to a run: points of metrics, parameters, tags, data sets and models.

internal import EvalCore
internal import EvalJSON
internal import GRDB

extension RunBatch {
    /// All that a new run brings.
    init(_ run: TrackedRun) {
        self.init()
        metrics = run.metrics
        parameters = run.parameters
        tags = run.tags
        inputs = run.inputs
        models = run.models
    }
}

extension SQLiteStore {
    /// Writes a batch to the run of a row.
    static func write(_ db: Database, _ batch: RunBatch, to run: Int64) throws {
        for (key, value) in batch.parameters { try setParameter(db, run, key, value) }
        for (key, value) in batch.tags {
            try setRunTag(db, run, key, value)
            if key == RunTags.name { try db.run("UPDATE runs SET name = ? WHERE id = ?", .text(value), .integer(run)) }
        }
        try addPoints(db, run, batch.metrics)
        for input in batch.inputs { try add(db, input, to: run) }
        for model in batch.models {
            let sql =
                "INSERT INTO run_models (run, model, step) SELECT ?1, ?2, ?3 WHERE NOT EXISTS "
                + "(SELECT 1 FROM run_models WHERE run = ?1 AND model = ?2 AND step IS ?3)"
            try db.run(sql, .integer(run), .text(model.modelID), model.outputStep.map { .integer($0) } ?? .null)
        }
    }

    static func setRunTag(_ db: Database, _ run: Int64, _ key: String, _ value: String) throws {
        let sql = """
            INSERT INTO run_tags (run, key, value) VALUES (?, ?, ?)
            ON CONFLICT (run, key) DO UPDATE SET value = excluded.value
            """
        try db.run(sql, .integer(run), .text(key), .text(value))
    }

    private static func setParameter(_ db: Database, _ run: Int64, _ key: String, _ value: String) throws {
        let sql = "SELECT value FROM run_params WHERE run = ? AND key = ?"
        if let old = try db.first(sql, .integer(run), .text(key), body: { $0.text(0) }) {
            guard old == value else {
                throw Refusal.invalid(
                    "Changing param values is not allowed. Param with key='\(key)' was already logged with "
                        + "value='\(old.prefix(200))'; the attempted new value is '\(value.prefix(200))'."
                )
            }
            return
        }
        try db.run("INSERT INTO run_params (run, key, value) VALUES (?, ?, ?)", .integer(run), .text(key), .text(value))
    }

    private static func addPoints(_ db: Database, _ run: Int64, _ points: [MetricPoint]) throws {
        var last: [String: MetricPoint] = [:]
        var order: [String] = []
        for point in points {
            try db.run(
                "INSERT INTO run_points (run, key, step, time, bits) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                .integer(run),
                .text(point.key),
                .integer(point.step),
                .integer(point.timestampMilliseconds),
                .integer(Int64(bitPattern: point.value.bitPattern))
            )
            if last[point.key] == nil { order.append(point.key) }
            if last[point.key].map(point.isAfter) ?? true { last[point.key] = point }
        }
        for key in order {
            if let point = last[key] { try setLast(db, run, point) }
        }
    }

    private static func setLast(_ db: Database, _ run: Int64, _ point: MetricPoint) throws {
        let found = try db.first(
            "SELECT id, bits, time, step FROM run_metrics WHERE run = ? AND name = ?",
            .integer(run),
            .text(point.key)
        ) { row in
            (
                row: row.int64(0),
                point: row.isNull(1)
                    ? nil
                    : MetricPoint(
                        key: point.key,
                        bits: row.int64(1),
                        timestampMilliseconds: row.int64(2),
                        step: row.int64(3)
                    )
            )
        }
        if let old = found?.point, !point.isAfter(old) { return }
        let arguments: [Query.Argument] = [
            .integer(run), .text(point.key), point.value.isNaN ? .null : .number(point.value), .integer(point.step),
            .integer(point.timestampMilliseconds), .integer(Int64(bitPattern: point.value.bitPattern)),
        ]
        let sql =
            found == nil
            ? """
            INSERT INTO run_metrics (run, ordinal, name, value, step, time, bits)
            SELECT ?1, ifnull(max(ordinal), -1) + 1, ?2, ?3, ?4, ?5, ?6 FROM run_metrics WHERE run = ?1
            """
            : "UPDATE run_metrics SET value = ?3, step = ?4, time = ?5, bits = ?6 WHERE run = ?1 AND name = ?2"
        try Query(db, sql).rows(arguments) { _ in true }
    }

    private static func add(_ db: Database, _ input: RunInput, to run: Int64) throws {
        let sql = """
            INSERT INTO run_inputs (run, name, digest, source_type, source, schema, profile, tags)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run, name, digest) DO NOTHING
            """
        let tags = JSON.object(input.tags.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) })
        try db.run(
            sql,
            .integer(run),
            .text(input.name),
            .text(input.digest),
            .text(input.sourceType),
            .text(input.source),
            .optional(input.schema),
            .optional(input.profile),
            .text(tags.serialized)
        )
    }
}
