import EvalCore
import EvalJSON
import Testing

@testable import EvalStore

/// Traces of spans that come in any order, as a client would send them.
@Suite struct TraceStoreTests {
    let store: SQLiteStore
    let id = PublicID.make()

    init() throws { store = try SQLiteStore(path: ":memory:") }

    /// The root is span 1; its children begin after it.
    private func span(_ number: UInt64, ends: Int64 = 500, name: String? = nil) -> Span {
        Span(
            id: number,
            parentID: number == 1 ? nil : 1,
            name: name ?? "step \(number)",
            type: .tool,
            startNanoseconds: 1_000_000_000 + Int64(number) * 1_000_000,
            endNanoseconds: 1_000_000_000 + ends * 1_000_000
        )
    }

    /// What spans tell, in the simplest words: done once the root is there, and how many spans there are.
    private let summary: TraceSummary = { known, spans in
        var info = known
        if spans.contains(where: { $0.parentID == nil }) { info.state = .ok }
        info.metadata = ["count": JSON("\(spans.count)")]
        return info
    }

    private func part(_ spans: [Span], time: Int64 = 1000, experiment: Int64 = 0) -> TracePart {
        TracePart(
            info: TraceInfo(
                id: id,
                experimentID: experiment,
                state: spans.contains { $0.parentID == nil } ? .ok : .inProgress,
                requestTimeMilliseconds: time,
                tags: ["from": "spans"]
            ),
            spans: spans
        )
    }

    private func ingest(_ parts: TracePart..., run: PublicID? = nil) async throws {
        try await store.ingest(parts, run: run, summary: summary)
    }

    private func found(_ withSpans: Bool = true) async throws -> StoredTrace {
        try #require(try await store.traces([id], withSpans: withSpans).first)
    }

    @Test("children before their root, late spans and repeated posts become one trace")
    func outOfOrder() async throws {
        try await ingest(part([span(3), span(2)], time: 1003))
        #expect(try await found().info.state == .inProgress)
        try await ingest(part([span(1)], time: 1001))
        var trace = try await found()
        #expect(trace.info.state == .ok && trace.info.requestTimeMilliseconds == 1001)
        #expect(trace.spans?.map(\.id) == [1, 2, 3])
        #expect(trace.info.metadata?["count"]?.string == "3")
        try await ingest(part([span(4)]), part([span(1)], time: 1001))
        trace = try await found()
        #expect(trace.spans?.map(\.id) == [1, 2, 3, 4] && trace.info.metadata?["count"]?.string == "4")
        try await ingest(part([span(4)]))
        #expect(try await found().spans?.count == 4)
    }

    @Test("a span that is sent again replaces the earlier one")
    func replaced() async throws {
        try await ingest(part([span(1), span(2, name: "old")]))
        try await ingest(part([span(2, name: "new")]))
        #expect(try await found().spans?.map(\.name) == ["step 1", "new"])
    }

    @Test("what the sender says of the whole trace counts, before and after its spans", arguments: [true, false])
    func final(isFirst: Bool) async throws {
        let info = TraceInfo(
            id: id,
            experimentID: 0,
            state: .error,
            requestTimeMilliseconds: 7,
            durationMilliseconds: 8,
            requestPreview: "asked",
            tags: ["from": "sender"],
            metadata: ["said": "yes"]
        )
        let whole = TracePart(info: info, spans: [], isFinal: true)
        if isFirst {
            try await ingest(whole)
            try await ingest(part([span(1)]))
        } else {
            try await ingest(part([span(1)]))
            try await ingest(whole)
        }
        try await ingest(part([span(2)]))
        let trace = try await found()
        #expect(trace.info.state == .error && trace.info.requestTimeMilliseconds == 7)
        #expect(trace.info.requestPreview == "asked" && trace.info.tags?["from"]?.string == "sender")
        #expect(trace.info.metadata?["said"]?.string == "yes" && trace.spans?.count == 2)
    }

    @Test("an unknown experiment or run keeps nothing")
    func unknown() async throws {
        await #expect(throws: Refusal.self) { try await ingest(part([span(1)], experiment: 99)) }
        await #expect(throws: Refusal.self) { try await ingest(part([span(1)]), run: .make()) }
        #expect(try await store.traces([id], withSpans: false).isEmpty)
    }

    @Test("tags are set, replaced and deleted, each by itself")
    func tags() async throws {
        try await ingest(part([span(1)]))
        try await store.setTraceTag(id, key: "a \"quoted\" key", value: "1")
        try await store.setTraceTag(id, key: "from", value: "person")
        let filter = SearchFilter([.init(.tag, "a \"quoted\" key", .equal, .text("1"))])
        #expect(try await store.searchTraces(TraceSearch(experimentIDs: [0], filter: filter)).elements.count == 1)
        try await store.deleteTraceTag(id, key: "a \"quoted\" key")
        #expect(try await found().info.tags == ["from": "person"])
        await #expect(throws: Refusal.self) { try await store.deleteTraceTag(id, key: "none") }
        await #expect(throws: Refusal.self) { try await store.setTraceTag(.make(), key: "k", value: "v") }
    }

    @Test("deleting takes a trace with all that belongs to it, and nothing else")
    func deleting() async throws {
        try await ingest(part([span(1)]))
        let source = AssessmentSource(kind: .human, id: "ann")
        _ = try await store.add(
            Assessment(
                traceID: id,
                name: "good",
                content: .feedback(.boolean(true)),
                source: source,
                createdMilliseconds: 1,
                updatedMilliseconds: 1
            )
        )
        #expect(try await store.deleteTraces(.ids([id, .make(), id]), experiment: 1) == 0)
        #expect(try await store.deleteTraces(.upTo(milliseconds: 999, most: 10), experiment: 0) == 0)
        #expect(try await store.deleteTraces(.ids([id, .make(), id]), experiment: 0) == 1)
        #expect(try await store.traces([id], withSpans: true).isEmpty)
        let left = try await store.look { db in
            try ["traces", "trace_parts", "assessments"]
                .map { try db.first("SELECT count(*) FROM \($0)") { $0.int(0) } }
        }
        #expect(left == [0, 0, 0])
    }
}

/// Pages of searches.
@Suite struct TraceSearchPageTests {
    let store: SQLiteStore

    init() throws { store = try SQLiteStore(path: ":memory:") }

    /// Traces with a time, a duration that some lack, and a name.
    private func fill(_ count: Int64) async throws {
        for number in 0..<count {
            let info = TraceInfo(
                id: .make(),
                experimentID: 0,
                state: .ok,
                requestTimeMilliseconds: 1000 + number / 3,
                durationMilliseconds: number % 4 == 0 ? nil : number % 3,
                tags: ["mlflow.traceName": JSON("\(number)")]
            )
            try await store.ingest([TracePart(info: info, spans: [], isFinal: true)], run: nil) { known, _ in known }
        }
    }

    private func walk(_ order: [SearchOrder], limit: Int) async throws -> [String] {
        var names: [String] = []
        var token: String?
        repeat {
            let page = try await store.searchTraces(
                TraceSearch(experimentIDs: [0], order: order, limit: limit, token: token)
            )
            #expect(page.elements.count == limit || page.nextToken == nil)
            names += page.elements.compactMap { $0.info.tags?["mlflow.traceName"]?.string }
            token = page.nextToken
        } while token != nil
        return names
    }

    @Test(
        "pages together are what one page has, in every order, with ties and missing values",
        arguments: [
            [], [SearchOrder(.attribute, "timestamp_ms")], [SearchOrder(.attribute, "execution_time_ms")],
            [SearchOrder(.attribute, "execution_time_ms", isAscending: false)],
            [SearchOrder(.attribute, "execution_time_ms"), SearchOrder(.attribute, "name", isAscending: false)],
            [SearchOrder(.tag, "none"), SearchOrder(.attribute, "timestamp_ms", isAscending: false)],
        ]
    )
    func pages(order: [SearchOrder]) async throws {
        try await fill(23)
        let whole = try await walk(order, limit: 100)
        #expect(whole.count == 23 && Set(whole).count == 23)
        for limit in [1, 4, 23] { #expect(try await walk(order, limit: limit) == whole) }
    }

    @Test("a page stays where it is when traces come in between")
    func newcomers() async throws {
        try await fill(10)
        let first = try await store.searchTraces(TraceSearch(experimentIDs: [0], limit: 5))
        try await fill(3)
        let second = try await store.searchTraces(
            TraceSearch(experimentIDs: [0], limit: 100, token: first.nextToken)
        )
        let ids = Set(first.elements.map(\.info.id))
        #expect(second.elements.allSatisfy { !ids.contains($0.info.id) })
    }

    @Test("a token of another search is refused")
    func foreignToken() async throws {
        try await fill(3)
        let token = try await store.searchTraces(TraceSearch(experimentIDs: [0], limit: 1)).nextToken
        let filter = SearchFilter([.init(.attribute, "status", .equal, .text("OK"))])
        for token in [token, "no token", "e30="] {
            await #expect(throws: Refusal.self) {
                try await store.searchTraces(TraceSearch(experimentIDs: [0], filter: filter, limit: 1, token: token))
            }
        }
    }
}
