// Traces as the official client writes them; reference/make_trace.py made the file.

import EvalCore
import EvalJSON
import EvalWire
import Foundation
import Testing

@Suite struct TraceReaderTests {
    private func file() throws -> JSON {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/trace.json")
        return try JSON(parsing: Data(contentsOf: url))
    }

    @Test("a trace of the official client is read whole")
    func client() throws {
        let json = try file()
        let told = try MLflowTraceReader().trace(json)
        let trace = told.trace
        #expect(trace.id.traceID == json["info"]?["trace_id"]?.string)
        #expect(trace.state == .ok)
        #expect(trace.sessionID == "s-1")
        #expect(trace.tags?["team"]?.string == "support")
        #expect(trace.durationMilliseconds == json["info"]?["execution_duration_ms"]?.integer)
        #expect(trace.spans.map(\.name) == ["agent", "search", "track", "llm"])
        #expect(trace.spans.map(\.type) == [.agent, .retriever, .tool, .chatModel])
        let root = try #require(trace.root)
        #expect(trace.spans.dropFirst().allSatisfy { $0.parentID == root.id })
        #expect(root.inputs == ["question": "Where is my order 7?"])
        #expect(root.outputs == "It is on its way.")
        #expect(trace.spans[1].outputs?[0]?["id"]?.string == "d7")
        #expect(trace.spans[3].usage == TokenUsage(inputTokens: 11, outputTokens: 5, totalTokens: 16))
        #expect(trace.spans[3].events.map(\.name) == ["first token"])
        #expect(trace.tokenUsage?.totalTokens == 16)
        #expect(trace.costUSD == 0.003)
        #expect(trace.spans.allSatisfy { $0.status == .ok && $0.endNanoseconds != nil })
        #expect(told.expectations == ["expected_response": "On its way"])
    }

    @Test("its text is read like the object")
    func text() throws {
        let told = try MLflowTraceReader().trace(JSON(try file().serialized))
        #expect(told.trace.spans.count == 4)
    }

    @Test("a record takes inputs, outputs and expectations from its trace")
    func record() throws {
        let json = try file()
        let told = try MLflowTraceReader().trace(json)
        let record = try Record(row: ["trace": json]).filled(from: told)
        #expect(record.inputs == ["question": "Where is my order 7?"])
        #expect(record.outputs == "It is on its way.")
        #expect(record.expectations?["expected_response"] == "On its way")
        #expect(record.sessionID.map { String($0) } == "s-1")
    }

    @Test("spans of MLflow 2 are read, and a parent that is not there makes a root")
    func older() throws {
        let json = try JSON(
            parsing: """
                {"info": {"request_id": "tr-0192f3a4b5c6d7e8f90a1b2c3d4e5f60", "timestamp_ms": 1700000000000,
                  "execution_time_ms": 12, "status": "ERROR"},
                 "data": {"spans": [{"name": "a", "context": {"span_id": "0x00000000000000ff", "trace_id": "0x1"},
                  "parent_id": "0x0000000000000001", "start_time": 5, "end_time": 9, "status_code": "ERROR",
                  "status_message": "boom", "attributes": {"mlflow.spanInputs": "{\\"q\\": 1}"}}]}}
                """
        )
        let trace = try MLflowTraceReader().trace(json).trace
        #expect(trace.id.hexadecimal == "0192f3a4b5c6d7e8f90a1b2c3d4e5f60")
        #expect(trace.state == .error)
        #expect(trace.requestTimeMilliseconds == 1_700_000_000_000)
        #expect(trace.root?.id == 255)
        #expect(trace.root?.statusMessage == "boom")
        #expect(trace.root?.inputs?["q"]?.integer == 1)
    }

    @Test(
        "what is no trace says what is missing",
        arguments: [
            (#"{"data": {}}"#, "'info'"), (#"{"info": {}}"#, "no span"), (#""nonsense""#, "not MLflow's trace JSON"),
            (#"{"info": {}, "data": {"spans": [{"name": "x"}]}}"#, "data.spans[0]"), ("[1]", "an array"),
        ]
    )
    func malformed(text: String, message: String) throws {
        let json = try JSON(parsing: text)
        let error = #expect(throws: Diagnostic.self) { try MLflowTraceReader().trace(json) }
        #expect(error?.message.contains(message) == true)
    }
}
