// Rows of logged models within a transaction; whoever logs a run's metrics logs a model's with them.

internal import EvalCore
internal import GRDB

/// Reads and writes logged models.
struct LoggedModelRows {
    let db: Database

    /// The row's number of a model.
    func id(of model: PublicID) throws -> Int64 {
        guard let id = try db.row(of: model, in: "logged_models") else {
            throw Refusal.missing("Logged model with ID 'm-\(model.hexadecimal)' not found.")
        }
        return id
    }

    /// A model with all that belongs to it.
    func model(_ id: Int64) throws -> LoggedModel {
        let sql = """
            SELECT public_id, experiment, name, kind, run, status, created, updated FROM logged_models WHERE id = ?
            """
        let model = try db.first(sql, .integer(id)) { row in
            LoggedModel(
                id: try row.publicID(0),
                experiment: row.int64(1),
                name: row.text(2),
                kind: row.optionalText(3),
                run: row.optionalText(4),
                status: LoggedModel.Status(rawValue: row.text(5)) ?? .pending,
                createdMilliseconds: row.int64(6),
                updatedMilliseconds: row.int64(7)
            )
        }
        guard var model else { throw Damage("a logged model is gone") }
        let rows = ModelRows(db: db)
        model.tags = try rows.keyed("logged_model_tags", "model", id)
        model.parameters = try rows.keyed("logged_model_params", "model", id)
        let metrics = """
            SELECT key, value, time, step, run, dataset_name, dataset_digest FROM logged_model_metrics
            WHERE model = ? ORDER BY key, time, id
            """
        model.metrics = try db.all(metrics, [.integer(id)]) { row in
            LoggedModelMetric(
                key: row.text(0),
                value: row.isNull(1) ? .nan : row.double(1),
                timestampMilliseconds: row.int64(2),
                step: row.int64(3),
                run: row.text(4),
                datasetName: row.text(5),
                datasetDigest: row.text(6)
            )
        }
        return model
    }

    /// Adds parameters; one that is there must be the same.
    func add(_ parameters: KeyedTexts, to id: Int64) throws {
        for (key, value) in parameters {
            let sql = "SELECT value FROM logged_model_params WHERE model = ? AND key = ?"
            if let old = try db.first(sql, .integer(id), .text(key), body: { $0.text(0) }) {
                guard old == value else {
                    throw Refusal.invalid("The parameter '\(key)' has another value already; parameters don't change.")
                }
                continue
            }
            try ModelRows(db: db).set([(key, value)], "logged_model_params", "model", id)
        }
    }

    /// Keeps what was measured; an older point than the one that is there changes nothing.
    func log(_ metrics: [LoggedModelMetric], to model: PublicID, now: Int64) throws {
        let id = try id(of: model)
        // NaN is NULL in SQLite.
        let sql = """
            INSERT INTO logged_model_metrics (model, key, step, time, value, run, dataset_name, dataset_digest)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (model, key, run, dataset_name, dataset_digest) DO UPDATE
            SET step = excluded.step, time = excluded.time, value = excluded.value
            WHERE (excluded.step, excluded.time) >= (step, time)
            """
        for metric in metrics {
            try db.run(
                sql,
                .integer(id),
                .text(metric.key),
                .integer(metric.step),
                .integer(metric.timestampMilliseconds),
                .number(metric.value),
                .text(metric.run),
                .text(metric.datasetName),
                .text(metric.datasetDigest)
            )
        }
        try touch(id, now: now)
    }

    /// Notes that a model changed.
    func touch(_ id: Int64, now: Int64) throws {
        try db.run("UPDATE logged_models SET updated = ? WHERE id = ?", .integer(now), .integer(id))
    }
}
