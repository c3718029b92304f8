// The loop and the file together: what exports and lists show of a run with scorers of sessions.

import EvalCore
import EvalJSON
import EvalRunner
import EvalStore
import EvalTestSupport
import GRDB
import Synchronization
import Testing

@Suite struct SessionEvaluationTests {
    let folder: TemporaryFolder
    let path: String
    let store: SQLiteStore

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("runs.db")
        store = try SQLiteStore(path: path)
    }

    private func evaluate(_ plan: RunPlan, _ records: [EvalCore.Record], resumes: Bool = false, retries: Bool = false)
        async throws -> RunSummary
    {
        var options = Evaluation.Options()
        options.resumes = resumes
        options.retriesErrors = retries
        return try await Evaluation(plan, source: RecordSource(records), store: store, options: options).run()
    }

    /// The feedback of each row as exports have it.
    private func exported(_ plan: RunPlan) async throws -> [JSON] {
        let keys = FeedbackKeys(plan.scorers.map(\.name))
        return try await store.rows(of: plan.id, after: nil, limit: 1_000)
            .map { row in
                var writer = JSONWriter()
                keys.write(row.verdicts, to: &writer)
                return try JSON(parsing: writer.bytes)
            }
    }

    @Test("an export shows the session's feedback on its first row, and nothing of it on the others")
    func export() async throws {
        let plan = samplePlan([turnsScorer(), lengthScorer()], owner: .current)
        _ = try await evaluate(plan, conversations(4) { $0 == 0 ? nil : "s\($0 % 2)" })
        let rows = try await exported(plan)
        #expect(rows.map { $0["length"]?["value"] } == [1, 2, 3, 4])
        #expect(rows.map { $0["turns"] == nil } == [true, false, false, true])
        #expect(rows[1]["turns"]?["value"] == 2)
        #expect(rows[1]["turns"]?["metadata"] == ["mlflow.trace.session": "s1"])
        #expect(rows[2]["turns"]?["metadata"] == ["mlflow.trace.session": "s0"])
        let record = try await store.record(of: plan.id)
        #expect(record.scorers.map(\.scope) == [.session, .row])
        #expect(record.summary.accounts.map(\.account.rows) == [2, 4])
        #expect(record.summary.accounts.map(\.account.scope) == [.session, .row])
        let trace = try await store.rows(of: plan.id, after: nil, limit: 2)[1].trace
        let said = try await store.trace(named: trace.id.traceID).assessments.first { $0.name == "turns" }
        #expect(said?.metadata == ["mlflow.trace.session": "s1"])
        #expect(said?.runID == plan.id)
    }

    @Test("errors of sessions count in the list, are kept with their session, and are restored, then tried again")
    func errors() async throws {
        final class Box: Sendable { let fails = Mutex(true) }
        let box = Box()
        let flaky = ScorerInstance(
            ClosureSessionScorer("flaky") { session in
                if session.id == "s1" { return .skipped("not mine") }
                if box.fails.withLock({ $0 }) { return .errored(ScorerError(code: "down", message: "…")) }
                return .boolean(true)
            }
        )
        let records = try conversations(6) { "s\($0 % 3)" }
        let plan = samplePlan([flaky, lengthScorer()], owner: .current)
        let first = try await evaluate(plan, records)
        #expect(first.errors == 2)
        #expect(try await store.runs().map(\.errors) == [2])
        #expect(try await exported(plan)[0]["flaky"]?["error"]?["code"] == "down")
        #expect(try await exported(plan)[1]["flaky"]?["skipped"] == "not mine")
        let trace = try await store.rows(of: plan.id, after: nil, limit: 1)[0].trace
        let said = try await store.trace(named: trace.id.traceID).assessments.first { $0.name == "flaky" }
        #expect(said?.content == .failed(ScorerError(code: "down", message: "…")))
        #expect(said?.metadata == ["mlflow.trace.session": "s0"])
        let second = try await evaluate(plan, records, resumes: true)
        #expect(second.accounts.map(\.account) == first.accounts.map(\.account))
        #expect(second.errors == 2)
        box.fails.withLock { $0 = false }
        let third = try await evaluate(plan, records, resumes: true, retries: true)
        #expect((third.accounts[0].account.scored, third.accounts[0].account.skipped, third.errors) == (2, 1, 0))
        #expect(try await store.runs().map(\.errors) == [0])
    }

    @Test("the run's errors count a row once, whether it or its session failed, also while the run goes")
    func counted() async throws {
        let plan = samplePlan([lengthScorer(), turnsScorer()], owner: .current)
        try await store.begin(plan)
        let error = Verdict.errored(ScorerError(code: "x", message: "y"))
        func row(_ ordinal: Int, _ verdict: Verdict) throws -> FinishedRow {
            try Sample.row(ordinal, verdicts: [verdict, nil], session: "s\(ordinal % 2)")
        }
        func errors() async throws -> [Int] { try await store.runs().map(\.errors) }
        func judge(_ session: String, _ verdict: Verdict) async throws {
            let place = SessionPlace(session: session)
            try await store.commit([JudgedSession(place: place, verdicts: [nil, verdict])], to: plan.id)
        }
        try await store.commit([row(0, .number(1)), row(1, error), row(2, error), row(3, .number(1))], to: plan.id)
        #expect(try await errors() == [2])
        try await judge("s0", error)
        #expect(try await errors() == [3])
        try await judge("s1", error)
        #expect(try await errors() == [3])
        try await judge("s1", .number(1))
        #expect(try await errors() == [3])
        // The last row of s0 is done again: neither it nor its session has an error then.
        try await store.commit([row(2, .number(1))], to: plan.id)
        #expect(try await errors() == [1])
        try await store.commit([row(1, .number(1))], to: plan.id)
        #expect(try await errors() == [0])
        let marks = try await store.finishedMarks(of: plan.id, from: 0, limit: 9)
        #expect(marks.map(\.hasError) == [false, false, false, false])
    }

    @Test("a run without sessions is noted once, beside what was noted before")
    func note() async throws {
        var plan = samplePlan([turnsScorer()], owner: .current)
        plan.notes = ["first"]
        _ = try await evaluate(plan, sampleRecords(3))
        _ = try await evaluate(plan, sampleRecords(3), resumes: true)
        let notes = try await store.record(of: plan.id).notes
        #expect(notes == ["first", "no row has a session_id: turns judged nothing"])
    }

    @Test("sessions are found by their index, without a table that is sorted or searched whole")
    func index() async throws {
        let queue = try DatabaseQueue(path: path)
        func plan(_ sql: String) async throws -> [String] {
            try await queue.read { db in
                let arguments: StatementArguments = [1, "a", 0]
                return try GRDB.Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments)
                    .map { $0["detail"] }
            }
        }
        let marks = try await plan(SQLiteStore.turnsOfSessions)
        #expect(marks.count == 1)
        #expect(marks[0].hasPrefix("SEARCH run_rows USING INDEX run_rows_by_session (run=? AND"))
        let turns = try await plan(SQLiteStore.turnsOfSession)
        #expect(turns.count == 2)
        #expect(turns[0].hasPrefix("SEARCH r USING INDEX run_rows_by_session (run=? AND session=? AND repeat=?)"))
    }

    @Test("a store of version 2 learns which of its rows are turns")
    func migration() async throws {
        let plan = Sample.plan(owner: .current)
        try await store.begin(plan)
        let trace = Trace(requestTimeMilliseconds: 7, sessionID: "old")
        try await store.commit([Sample.row(0, trace: trace), Sample.row(1)], to: plan.id)
        try store.close()
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(
                sql: """
                    DROP INDEX run_rows_by_session;
                    ALTER TABLE run_rows DROP COLUMN session;
                    ALTER TABLE run_rows DROP COLUMN turn;
                    ALTER TABLE run_scorers DROP COLUMN sessions;
                    DROP TABLE model_replies;
                    DROP TABLE secrets;
                    DROP TABLE judges;
                    DROP TABLE datasets;
                    DROP TABLE dataset_versions;
                    DROP TABLE dataset_records;
                    ALTER TABLE experiments DROP COLUMN updated;
                    ALTER TABLE experiments DROP COLUMN deleted;
                    DROP TABLE experiment_tags;
                    ALTER TABLE runs DROP COLUMN user;
                    ALTER TABLE runs DROP COLUMN deleted;
                    ALTER TABLE run_metrics DROP COLUMN step;
                    ALTER TABLE run_metrics DROP COLUMN time;
                    ALTER TABLE run_metrics DROP COLUMN bits;
                    DROP TABLE run_params;
                    DROP TABLE run_points;
                    DROP TABLE run_inputs;
                    DROP TABLE run_models;
                    ALTER TABLE traces DROP COLUMN client_request;
                    ALTER TABLE traces DROP COLUMN request_preview;
                    ALTER TABLE traces DROP COLUMN response_preview;
                    ALTER TABLE traces DROP COLUMN parts;
                    ALTER TABLE traces DROP COLUMN final;
                    DROP TABLE trace_parts;
                    DROP TABLE trace_runs;
                    ALTER TABLE assessments DROP COLUMN error_stack;
                    DROP TABLE dataset_experiments;
                    DROP TABLE access_tokens;
                    DROP TABLE registered_models;
                    DROP TABLE registered_model_tags;
                    DROP TABLE registered_model_aliases;
                    DROP TABLE model_versions;
                    DROP TABLE model_version_tags;
                    DROP TABLE trace_prompts;
                    DROP TABLE scorers;
                    DROP TABLE scorer_versions;
                    DROP TABLE scorer_sampling;
                    DROP TABLE logged_models;
                    DROP TABLE logged_model_tags;
                    DROP TABLE logged_model_params;
                    DROP TABLE logged_model_metrics;
                    DROP TABLE label_schemas;
                    DROP TABLE review_queues;
                    DROP TABLE review_queue_schemas;
                    DROP TABLE review_queue_users;
                    DROP TABLE review_queue_items;
                    DROP TABLE issues;
                    PRAGMA user_version = 2;
                    """
            )
        }
        try queue.close()
        let again = try SQLiteStore(path: path)
        #expect(try await again.sessionMarks(of: plan.id, after: nil, limit: 9).map(\.place.session) == ["old"])
        #expect(try await again.record(of: plan.id).scorers.map(\.scope) == [.row, .row])
        #expect(try await again.turns(of: "old", in: plan.id, before: 5, repetition: 0).count == 1)
    }
}
