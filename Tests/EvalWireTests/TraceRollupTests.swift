// What spans tell of their trace beyond the reference: late spans, odd trees, and who tells first.

import EvalCore
import EvalJSON
import EvalWire
import Testing

@Suite struct TraceRollupTests {
    private func span(_ id: UInt64, _ parent: UInt64?, start: Int64 = 0, end: Int64? = nil, usage: Int64? = nil) -> Span
    {
        Span(
            id: id,
            parentID: parent,
            name: "s\(id)",
            type: .unknown,
            startNanoseconds: start * 1_000_000,
            endNanoseconds: end.map { $0 * 1_000_000 },
            usage: usage.map { TokenUsage(inputTokens: $0, outputTokens: 0) }
        )
    }

    @Test("a trace without a root is in progress, and begins with its earliest span")
    func partial() {
        let rollup = TraceRollup([span(3, 2, start: 30, end: 40), span(2, 1, start: 10, end: 50)])
        #expect(rollup.state == .inProgress && rollup.name == nil)
        #expect(rollup.requestTimeMilliseconds == 10 && rollup.durationMilliseconds == 40)
        #expect(rollup.requestPreview == nil && rollup.metadata.isEmpty)
    }

    @Test("a root ends the trace")
    func root() {
        var root = span(1, nil, start: 5, end: 60)
        root.status = .error
        let rollup = TraceRollup([span(2, 1, start: 10, end: 50), root])
        #expect(rollup.state == .error && rollup.name == "s1")
        #expect(rollup.requestTimeMilliseconds == 5 && rollup.durationMilliseconds == 55)
        let info = rollup.info(id: PublicID(bits: 1), experimentID: 7, tags: [("a", "b")])
        #expect(info.tags == ["a": "b", "mlflow.traceName": "s1"] && info.metadata == nil && info.experimentID == 7)
    }

    @Test("a trace that nobody ended has no duration, and clocks that disagree make none below zero")
    func durations() {
        #expect(TraceRollup([span(1, nil, start: 5)]).durationMilliseconds == nil)
        #expect(TraceRollup([span(1, nil, start: 5, end: 3)]).durationMilliseconds == 0)
        #expect(TraceRollup([]).state == .inProgress)
    }

    @Test("spans in a circle don't hang, and tell nothing")
    func circle() {
        let rollup = TraceRollup([
            span(1, 2, usage: 5), span(2, 1, usage: 7), span(3, 3, usage: 9), span(4, nil, usage: 1),
        ])
        #expect(rollup.metadata.first?.value == #"{"input_tokens": 1, "output_tokens": 0, "total_tokens": 1}"#)
    }

    @Test("deep and wide trees take no longer than others", .timeLimit(.minutes(1)))
    func deep() {
        var spans = (1...50_000).map { span(UInt64($0), $0 == 1 ? nil : UInt64($0 - 1)) }
        for id in 50_001...100_000 { spans.append(span(UInt64(id), 50_000, usage: 1)) }
        let rollup = TraceRollup(spans)
        #expect(rollup.metadata.first?.value == #"{"input_tokens": 50000, "output_tokens": 0, "total_tokens": 50000}"#)
    }

    @Test("a span that tells counts for those below it, and details of caches are summed")
    func details() {
        var parent = span(1, nil)
        parent.attributes = ["mlflow.chat.tokenUsage": ["input_tokens": 5, "cache_read_input_tokens": 2]]
        var below = span(2, 1)
        below.attributes = ["mlflow.chat.tokenUsage": ["input_tokens": 50]]
        below.costUSD = 0.5
        let rollup = TraceRollup([below, parent])
        #expect(rollup.metadata.map(\.key) == ["mlflow.trace.tokenUsage", "mlflow.trace.cost"])
        #expect(
            rollup.metadata[0].value
                == #"{"input_tokens": 5, "output_tokens": 0, "total_tokens": 0, "cache_read_input_tokens": 2}"#
        )
        #expect(rollup.metadata[1].value == #"{"total_cost": 0.5}"#)
    }

    @Test("the first span to tell a session or a user counts")
    func session() {
        var one = span(1, nil)
        one.attributes = ["gen_ai.conversation.id": "", "user.id": 7]
        var two = span(2, 1)
        two.attributes = ["session.id": "s", "user.id": "ann"]
        let metadata = TraceRollup([one, two]).metadata
        #expect(metadata.map { "\($0.key)=\($0.value)" } == ["mlflow.trace.session=s", "mlflow.trace.user=7"])
    }

    @Test("a preview is JSON as Python writes it, cut at 1,000 characters")
    func previews() {
        var root = span(1, nil)
        root.inputs = ["a": [1, 2.0, 0.1, nil, true, "x\n"], "b": [:]]
        root.outputs = .array((0..<2_000).map { JSON($0) })
        let rollup = TraceRollup([root])
        #expect(rollup.requestPreview == #"{"a": [1, 2.0, 0.1, null, true, "x\n"], "b": {}}"#)
        #expect(rollup.responsePreview?.count == 1_000 && rollup.responsePreview?.hasPrefix("[0, 1, 2") == true)
        #expect(rollup.responsePreview?.hasSuffix("...") == true)
    }
}
