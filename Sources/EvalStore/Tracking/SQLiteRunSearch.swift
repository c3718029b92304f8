// Searching among experiments and runs.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore {
    /// The experiments that a filter finds; those that changed last come first where no order is given.
    public func searchExperiments(
        _ filter: SearchFilter,
        order: [SearchOrder],
        view: LifecycleView,
        window: SearchWindow
    ) async throws -> SearchResult<Experiment> {
        let conditions = try filter.conditions.map { condition in
            if condition.entity == .tag {
                return SearchSQL.keyed(condition, in: "experiment_tags", where: "k.experiment = e.id")
            }
            return condition.sql(on: try Self.experimentKey(condition.key))
        }
        var orders = try order.map { "\(try Self.experimentKey($0.key)) \($0.direction)" }
        if orders.isEmpty { orders = ["ifnull(e.updated, e.created) DESC"] }
        let selection = SearchSQL.all(conditions + [Self.lifecycle(view, of: "e")].compactMap { $0 })
        let sql =
            "SELECT e.id FROM experiments e WHERE \(selection.sql) ORDER BY \(orders.joined(separator: ", ")), e.id ASC \(window.sql.sql)"
        return try await look { db in
            let ids = try db.search(sql, selection.arguments + window.sql.arguments) { $0.int64(0) }
            return window.result(try ids.map { try Self.experiment(db, $0) })
        }
    }

    /// The runs of some experiments that a filter finds; those that began last come first among equals.
    public func searchRuns(
        in experiments: [Int64],
        _ filter: SearchFilter,
        order: [SearchOrder],
        view: LifecycleView,
        window: SearchWindow
    ) async throws -> SearchResult<TrackedRun> {
        let now = options.now()
        let conditions = try filter.conditions.map(Self.runCondition)
        var orders: [SearchSQL] = []
        for one in order { orders += try Self.runOrder(one) }
        if !order.contains(where: { $0.key == "start_time" }) { orders.append(SearchSQL(sql: "r.started DESC")) }
        orders.append(SearchSQL(sql: "r.public_id ASC"))
        let marks = experiments.map { String($0) }.joined(separator: ",")
        let selection = SearchSQL.all(
            [SearchSQL(sql: "r.experiment IN (\(marks))")] + conditions
                + [Self.lifecycle(view, of: "r")].compactMap { $0 }
        )
        let sql =
            "SELECT r.id FROM runs r WHERE \(selection.sql) ORDER BY \(orders.map(\.sql).joined(separator: ", ")) \(window.sql.sql)"
        let arguments = selection.arguments + orders.flatMap(\.arguments) + window.sql.arguments
        return try await look { db in
            let result = window.result(try db.search(sql, arguments) { $0.int64(0) })
            return SearchResult(try Self.tracked(db, result.found, now: now), hasMore: result.hasMore)
        }
    }

    private static func lifecycle(_ view: LifecycleView, of table: String) -> SearchSQL? {
        switch view {
        case .active: SearchSQL(sql: "\(table).deleted IS NULL")
        case .deleted: SearchSQL(sql: "\(table).deleted IS NOT NULL")
        case .all: nil
        }
    }

    private static func experimentKey(_ key: String) throws -> String {
        switch key {
        case "name": "e.name"
        case "experiment_id": "CAST(e.id AS TEXT)"
        case "creation_time": "e.created"
        case "last_update_time": "ifnull(e.updated, e.created)"
        default: throw Refusal.invalid("Experiments can't be searched or sorted by `\(key)`.")
        }
    }

    private static func runKey(_ key: String) throws -> String {
        switch key {
        case "run_id": "lower(hex(r.public_id))"
        case "run_name": "r.name"
        case "status": "(CASE r.status WHEN 'INTERRUPTED' THEN 'KILLED' ELSE r.status END)"
        case "user_id": "ifnull(r.user, '')"
        case "artifact_uri": "('mlflow-artifacts:/' || r.experiment || '/' || lower(hex(r.public_id)) || '/artifacts')"
        case "start_time": "r.started"
        case "end_time": "r.ended"
        default: throw Refusal.invalid("Runs can't be searched or sorted by `\(key)`.")
        }
    }

    private static func runCondition(_ condition: SearchFilter.Condition) throws -> SearchSQL {
        switch condition.entity {
        case .attribute: return condition.sql(on: try runKey(condition.key))
        case .tag where condition.key == RunTags.name: return condition.sql(on: "r.name")
        case .tag: return .keyed(condition, in: "run_tags", where: "k.run = r.id")
        case .parameter: return .keyed(condition, in: "run_params", where: "k.run = r.id")
        case .metric:
            let comparison = condition.sql(on: "m.value")
            return SearchSQL(
                sql: "EXISTS (SELECT 1 FROM run_metrics m WHERE m.run = r.id AND m.name = ? AND \(comparison.sql))",
                arguments: [.text(condition.key)] + comparison.arguments
            )
        case .dataset:
            let column =
                switch condition.key {
                case "name": "d.name"
                case "digest": "d.digest"
                default: "(d.tags ->> '$.\"mlflow.data.context\"')"
                }
            let comparison = condition.sql(on: column)
            return SearchSQL(
                sql: "EXISTS (SELECT 1 FROM run_inputs d WHERE d.run = r.id AND \(comparison.sql))",
                arguments: comparison.arguments
            )
        default: throw Refusal.invalid("Runs can't be searched by `\(condition.key)`.")
        }
    }

    private static func runOrder(_ order: SearchOrder) throws -> [SearchSQL] {
        switch order.entity {
        case .attribute: return [SearchSQL(sql: "\(try runKey(order.key)) \(order.direction)")]
        case .tag:
            let sql = "(SELECT k.value FROM run_tags k WHERE k.run = r.id AND k.key = ?)"
            return [SearchSQL(sql: "\(sql) \(order.direction)", arguments: [.text(order.key)])]
        case .parameter:
            let sql = "(SELECT k.value FROM run_params k WHERE k.run = r.id AND k.key = ?)"
            return [SearchSQL(sql: "\(sql) \(order.direction)", arguments: [.text(order.key)])]
        case .metric:
            let sql = "(SELECT m.value FROM run_metrics m WHERE m.run = r.id AND m.name = ?)"
            return [SearchSQL(sql: "\(sql) \(order.direction)", arguments: [.text(order.key)])]
        default: throw Refusal.invalid("Runs can't be sorted by `\(order.key)`.")
        }
    }
}
