// What a request tells of its traces, and what attributes say that MLflow leaves alone.

import EvalCore
import EvalJSON
import EvalWire
import Foundation
import Testing

@Suite struct OTLPTracesTests {
    private func request(_ groups: JSON...) -> [UInt8] {
        Array((["resourceSpans": .array(groups)] as JSON).serialized.utf8)
    }

    private func span(_ trace: Int, _ id: Int, parent: Int? = nil, _ attributes: JSON = [:]) -> JSON {
        var members: [(String, JSON)] = [
            ("traceId", JSON(String(format: "%032x", trace))), ("spanId", JSON(String(format: "%016x", id))),
            ("name", JSON("\(trace).\(id)")),
            (
                "attributes",
                .array(attributes.members.map { ["key": JSON(String($0.key)), "value": ["stringValue": $0.value]] })
            ),
        ]
        if let parent { members.append(("parentSpanId", JSON(String(format: "%016x", parent)))) }
        return .object(members)
    }

    private func group(resource: JSON = [:], scope: String = "s", _ spans: JSON...) -> JSON {
        [
            "resource": [
                "attributes": .array(
                    resource.members.map { ["key": JSON(String($0.key)), "value": ["stringValue": $0.value]] }
                )
            ],
            "scopeSpans": [["scope": ["name": JSON(scope)], "spans": .array(spans)]],
        ]
    }

    @Test("spans are sorted into their traces, in order of arrival")
    func grouping() throws {
        let traces = try OTLPTraces()
            .decode(
                json: request(
                    group(scope: "a", span(2, 1), span(1, 1), span(2, 2, parent: 1)),
                    group(scope: "b", span(1, 2, parent: 1), span(3, 1))
                )
            )
        #expect(traces.map { $0.spans.map(\.name) } == [["2.1", "2.2"], ["1.1", "1.2"], ["3.1"]])
        #expect(traces.map(\.scopeNames) == [["a"], ["a", "b"], ["b"]])
        #expect(traces[1].root?.name == "1.1" && traces[0].resource == nil)
    }

    @Test("tags are the root's and the program's, of which the root's win")
    func tags() throws {
        let resource: JSON = [
            "service.name": "shop", "team": "theirs", "telemetry.sdk.language": "swift",
            "mlflow.trace.spansLocation": "x",
        ]
        let root = span(1, 1, ["mlflow.traceTag.team": "search", "mlflow.traceTag.n": "1"])
        let child = span(1, 2, parent: 1, ["mlflow.traceTag.late": "no"])
        let trace = try #require(try OTLPTraces().decode(json: request(group(resource: resource, child, root))).first)
        #expect(trace.tags.map { "\($0.key)=\($0.value)" } == ["service.name=shop", "team=search", "n=1"])
        #expect(trace.resource?["telemetry.sdk.language"] == "swift")
        #expect(trace.spans[1].attributes?["mlflow.traceTag.team"] == "search")
    }

    @Test("the first span to tell a session or a user counts")
    func session() throws {
        let body = request(
            group(
                span(1, 2, parent: 1, ["gen_ai.conversation.id": "c"]),
                span(1, 1, ["session.id": "s", "user.id": "ann"])
            )
        )
        let trace = try #require(try OTLPTraces().decode(json: body).first)
        #expect(trace.metadata.map { "\($0.key)=\($0.value)" } == ["mlflow.trace.session=c", "mlflow.trace.user=ann"])
    }

    private func translated(_ attributes: JSON) throws -> Span {
        try #require(try OTLPTraces().decode(json: request(group(span(1, 1, attributes)))).first?.spans.first)
    }

    @Test("documents and messages of OpenInference that stand in no value are put together")
    func counted() throws {
        let retrieval = try translated([
            "openinference.span.kind": "RETRIEVER", "retrieval.documents.1.document.content": "second",
            "retrieval.documents.0.document.id": "d0", "retrieval.documents.0.document.content": "first",
            "retrieval.documents.0.document.metadata": #"{"uri":"a"}"#, "retrieval.documents.0.document.score": "0.5",
        ])
        #expect(retrieval.type == .retriever)
        #expect(
            retrieval.outputs == [
                ["id": "d0", "page_content": "first", "metadata": ["uri": "a", "score": "0.5"]],
                ["page_content": "second"],
            ]
        )
        let chat = try translated([
            "llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "Why?",
            "llm.output_messages.0.message.role": "assistant", "llm.output_messages.0.message.content": "So.",
            "llm.output_messages.1.message.role": "assistant",
        ])
        #expect(chat.inputs == ["messages": [["role": "user", "content": "Why?"]]])
        #expect(chat.outputs == ["messages": [["role": "assistant", "content": "So."]]])
        #expect(chat.attributes?.count == 5)
    }

    @Test("plain prompts and completions go in and out")
    func prompts() throws {
        let span = try translated(["gen_ai.prompt": "Why?", "gen_ai.completion": #"{"a":1}"#])
        #expect(span.inputs == "Why?" && span.outputs == ["a": 1])
        #expect(span.attributes == ["gen_ai.prompt": "Why?", "gen_ai.completion": #"{"a":1}"#])
    }

    @Test("texts that look like JSON and are none stay texts")
    func looks() throws {
        for text in ["{not json", "[INFO] started", "\"quoted", "  [1, 2", "{}}"] {
            #expect(try translated(["input.value": JSON(text)]).inputs?.string == text)
        }
        #expect(try translated(["input.value": "12"]).inputs == "12")
        #expect(try translated(["input.value": " [12] "]).inputs == [12])
        #expect(try translated(["mlflow.spanOutputs": "true"]).outputs == "true")
    }

    @Test("a span without attributes has none")
    func bare() throws {
        let span = try translated([:])
        #expect(span.attributes == nil && span.inputs == nil && span.outputs == nil && span.type == .unknown)
        #expect(try translated(["mlflow.spanType": "LLM"]).attributes == nil)
        #expect(try translated(["mlflow.traceRequestId": "tr-1"]).attributes == nil)
    }

    @Test("usage and cost stand in their fields, and what they have no room for stays")
    func usage() throws {
        let plain = try translated([
            "mlflow.chat.tokenUsage": #"{"input_tokens":1,"output_tokens":2,"total_tokens":3}"#,
            "mlflow.llm.cost": "0.5",
        ])
        #expect(plain.usage == TokenUsage(inputTokens: 1, outputTokens: 2) && plain.attributes == nil)
        let cost = try translated(["mlflow.llm.cost": #"{"input_cost":0.25,"output_cost":0.5}"#])
        #expect(cost.costUSD == 0.75 && cost.attributes?["mlflow.llm.cost"]?["input_cost"] == 0.25)
        let partial = try translated(["mlflow.chat.tokenUsage": #"{"input_tokens":1}"#])
        #expect(partial.usage == TokenUsage(inputTokens: 1, outputTokens: 0, totalTokens: nil))
        #expect(partial.attributes?["mlflow.chat.tokenUsage"] == ["input_tokens": 1])
    }
}
