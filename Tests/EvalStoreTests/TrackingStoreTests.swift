import EvalCore
import EvalJSON
import Testing

@testable import EvalStore

/// Experiments, runs and feedback as clients write them.
@Suite struct TrackingStoreTests {
    let store: SQLiteStore

    init() throws { store = try SQLiteStore(path: ":memory:") }

    private func run(in experiment: Int64 = 0, _ change: (inout TrackedRun) -> Void = { _ in }) async throws -> PublicID {
        var run = TrackedRun(
            id: .make(),
            experimentID: experiment,
            name: "run",
            status: .running,
            startedMilliseconds: 1000
        )
        change(&run)
        try await store.createRun(run)
        return run.id
    }

    @Test("a client's run is running until it says otherwise, whoever else lives")
    func status() async throws {
        let id = try await run()
        #expect(try await store.trackedRun(id).status == .running)
        #expect(try await store.record(of: id).listing.status == .running)
        let ended = try await store.updateRun(id, name: "new", status: .interrupted, endedMilliseconds: 3000)
        #expect(ended.status == .interrupted && ended.name == "new" && ended.endedMilliseconds == 3000)
        #expect(try await store.runs().first?.durationMilliseconds == 2000)
        let again = try await store.updateRun(id, name: nil, status: .running, endedMilliseconds: nil)
        #expect(again.endedMilliseconds == nil && again.name == "new")
    }

    @Test("the last point of a metric is that of the highest step, then time, then value; NaN is kept")
    func metrics() async throws {
        let id = try await run()
        try await store.log(
            RunBatch(metrics: [
                MetricPoint(key: "m", value: 3, timestampMilliseconds: 1, step: 2),
                MetricPoint(key: "m", value: 9, timestampMilliseconds: 9, step: 1),
                MetricPoint(key: "m", value: 4, timestampMilliseconds: 1, step: 2),
                MetricPoint(key: "n", value: .nan, timestampMilliseconds: 1),
                MetricPoint(key: "i", value: -.infinity, timestampMilliseconds: 1),
            ]),
            to: id
        )
        try await store.log(RunBatch(metrics: [MetricPoint(key: "m", value: 1, timestampMilliseconds: 0, step: 0)]), to: id)
        let last = Dictionary(uniqueKeysWithValues: try await store.trackedRun(id).metrics.map { ($0.key, $0.value) })
        #expect(last["m"] == 4 && last["n"]?.isNaN == true && last["i"] == -.infinity)
        let history = try await store.metricHistory(of: id, key: "m", after: 0, limit: 10)
        #expect(history.map(\.value) == [1, 9, 3, 4])
        #expect(try await store.metricHistory(of: id, key: "m", after: 2, limit: 1).map(\.value) == [3])
    }

    @Test("a batch is written whole or not at all")
    func batches() async throws {
        let id = try await run()
        try await store.log(RunBatch(parameters: [(key: "p", value: "1")]), to: id)
        var batch = RunBatch(metrics: [MetricPoint(key: "m", value: 1, timestampMilliseconds: 0)])
        batch.parameters = [(key: "q", value: "1"), (key: "p", value: "2")]
        await #expect(throws: Refusal.self) { try await store.log(batch, to: id) }
        let found = try await store.trackedRun(id)
        #expect(found.metrics.isEmpty && found.parameters.map(\.key) == ["p"])
    }

    @Test("work that shares a transaction with work that is refused is kept")
    func sharing() async throws {
        let id = try await run()
        let store = store
        await withTaskGroup(of: Bool.self) { group in
            for number in 0..<40 {
                group.addTask {
                    do {
                        let pair = (key: "k\(number)", value: number % 2 == 0 ? "kept" : "other")
                        if number % 2 == 1 { try await store.deleteRunTag(id, key: "none") }
                        try await store.log(RunBatch(parameters: [pair]), to: id)
                        return true
                    } catch {
                        return false
                    }
                }
            }
            var kept = 0
            for await wasKept in group where wasKept { kept += 1 }
            #expect(kept == 20)
        }
        #expect(try await store.trackedRun(id).parameters.count == 20)
    }

    @Test("an experiment goes and comes back with its runs; nothing is written to what is gone")
    func deleting() async throws {
        let experiment = try await store.createExperiment(named: "e", tags: [(key: "a", value: "1")])
        let id = try await run(in: experiment)
        try await store.setExperiment(experiment, deleted: true)
        #expect(try await store.trackedRun(id).isDeleted)
        await #expect(throws: Refusal.self) { try await store.log(RunBatch(tags: [(key: "t", value: "1")]), to: id) }
        await #expect(throws: Refusal.self) { _ = try await run(in: experiment) }
        await #expect(throws: Refusal.self) { _ = try await store.createExperiment(named: "e", tags: []) }
        await #expect(throws: Refusal.self) { try await store.setExperiment(experiment, deleted: true) }
        try await store.setExperiment(experiment, deleted: false)
        #expect(try await !store.trackedRun(id).isDeleted)
        #expect(try await store.experiment(experiment).tags.map(\.value) == ["1"])
    }

    @Test("an override makes the old feedback invalid, and its deletion makes it valid again")
    func overriding() async throws {
        let trace = PublicID.make()
        let info = TraceInfo(id: trace, experimentID: 0, state: .ok, requestTimeMilliseconds: 1)
        try await store.ingest([TracePart(info: info, spans: [], isFinal: true)], run: nil) { known, _ in known }
        var first = Assessment(
            traceID: trace,
            name: "good",
            content: .failed(ScorerError(code: "LATE", message: "no answer", stackTrace: "at 7")),
            source: AssessmentSource(kind: .judge, id: "openai:/x"),
            createdMilliseconds: 5,
            updatedMilliseconds: 5
        )
        first.partialValue = .number(0.5)
        _ = try await store.add(first)
        let second = Assessment(
            traceID: trace,
            name: "good",
            content: .feedback(.json(["a": [1]])),
            source: AssessmentSource(kind: .human, id: "ann"),
            createdMilliseconds: 6,
            updatedMilliseconds: 6,
            overrides: first.id
        )
        _ = try await store.add(second)
        let old = try await store.assessment(first.id, of: trace)
        #expect(!old.isValid && old.content == first.content && old.partialValue == .number(0.5))
        let changed = try await store.revise(second.id, of: trace) { $0.content = .feedback(.boolean(false)) }
        #expect(changed.content == .feedback(.boolean(false)) && changed.createdMilliseconds == 6)
        #expect(changed.updatedMilliseconds > 6 && changed.source.id == "ann")
        try await store.deleteAssessment(second.id, of: trace)
        try await store.deleteAssessment(second.id, of: trace)
        #expect(try await store.assessment(first.id, of: trace).isValid)
        await #expect(throws: Refusal.self) { try await store.assessment(second.id, of: trace) }
        await #expect(throws: Refusal.self) { _ = try await store.add(overriding(nothing: second)) }
    }

    private func overriding(nothing assessment: Assessment) -> Assessment {
        var other = assessment
        other.id = .make()
        other.overrides = .make()
        return other
    }

    @Test("a data set belongs to experiments; its tags and the kinds of its values are told")
    func dataSets() async throws {
        let experiment = try await store.createExperiment(named: "e", tags: [])
        let made = try await store.createDataset("d", tags: ["a": "1"], experimentIDs: [experiment], userID: "ann")
        await #expect(throws: Refusal.self) {
            _ = try await store.createDataset("d", tags: [:], experimentIDs: [], userID: "")
        }
        let id = made.dataset.id
        _ = try await store.merge(
            [["inputs": ["q": "x", "n": 1], "expectations": ["ok": true]], ["inputs": ["q": "y", "n": 2.5]]],
            into: id
        ) { _ in nil }
        try await store.setDatasetTags(id, ["a": nil, "b": "2"])
        let listing = try await store.setDataset(id, belongs: true, to: [0])
        #expect(listing.experimentIDs == [0, experiment] && listing.dataset.tags == ["b": "2"])
        #expect(listing.userID == "ann" && listing.dataset.records == 2)
        let columns = try await store.datasetColumns(id).map { "\($0.part).\($0.key) \($0.type)" }
        #expect(columns == ["inputs.q string", "inputs.n integer", "inputs.n float", "expectations.ok boolean"])
        let filter = SearchFilter([.init(.tag, "b", .equal, .text("2"))])
        let window = SearchWindow(limit: 1)
        #expect(try await store.searchDatasets(in: [0], filter, order: [], window: window).found.count == 1)
        #expect(try await store.searchDatasets(in: [99], filter, order: [], window: window).found.isEmpty)
    }
}
