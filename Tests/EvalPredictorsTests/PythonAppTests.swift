import EvalCore
import EvalJSON
import EvalPredictors
import Foundation
import Testing

@Suite("evalhost_app.py serves a function")
struct PythonAppTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Integrations/python").path

    /// An application that is this script.
    private func app(_ script: String, inFlight: Int = 1) throws -> CommandPredictor {
        var environment = ProcessInfo.processInfo.environment
        environment["SCRIPT"] = script
        environment["PYTHONPATH"] = Self.folder
        environment["PYTHONUNBUFFERED"] = nil
        return try CommandPredictor(
            command: #"exec python3 -c "$SCRIPT""#,
            options: .init(processes: 1, inFlight: inFlight, environment: environment)
        )
    }

    private func outputs(_ app: CommandPredictor, _ inputs: [JSON]) async throws -> [JSON] {
        try await withThrowingTaskGroup { group in
            for (place, inputs) in inputs.enumerated() {
                group.addTask { (place, try await app.predict(PredictRequest(id: .make(), inputs: inputs)).outputs) }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func failure(_ app: CommandPredictor, _ inputs: JSON) async throws -> PredictFailure {
        let error = await #expect(throws: PredictFailure.self) {
            try await app.predict(PredictRequest(id: .make(), inputs: inputs))
        }
        return try #require(error)
    }

    @Test("inputs are arguments, and what it prints or starts is no answer")
    func calling() async throws {
        let app = try app(
            """
            import os, sys
            from evalhost_app import serve
            print("loading")
            def predict(question, *, shout=False):
                print("asked", question)
                os.system("echo from a child")
                assert sys.stdin.read() == ""
                return {"answer": question.upper() if shout else question}
            serve(predict)
            """
        )
        let prediction = try await app.predict(
            PredictRequest(id: .make(), inputs: ["question": "wo?\u{2028}é", "shout": true])
        )
        #expect(prediction.outputs == ["answer": "WO?\u{2028}É"])
        #expect(prediction.log == "loading\nasked wo?\u{2028}é\nfrom a child\n")
        await app.close()
    }

    @Test("exceptions are errors with their class; wrong arguments and outputs too")
    func errors() async throws {
        let app = try app(
            """
            import sys
            from evalhost_app import serve
            class Busy(Exception): retryable = True
            def predict(n):
                if n == 0: raise ValueError("no é")
                if n == 1: raise Busy("later")
                if n == 2: return object()
                if n == 3: return float("nan")
                if n == 4: sys.exit("over")
                return n
            serve(predict)
            """
        )
        let value = try await failure(app, ["n": 0])
        #expect(value.message == "ValueError: no é" && !value.isRetryable)
        #expect(value.log?.hasPrefix("Traceback") == true)
        let busy = try await failure(app, ["n": 1])
        #expect(busy.message == "Busy: later" && busy.isRetryable)
        let wrong = try await failure(app, ["n": 2]).message
        #expect(wrong == "TypeError: outputs of the type object can't be written as JSON")
        #expect(try await failure(app, ["n": 3]).message.hasPrefix("ValueError: Out of range float"))
        #expect(try await failure(app, ["n": 4]).message == "SystemExit: over")
        #expect(try await failure(app, ["m": 5]).message.hasPrefix("TypeError: predict() got an unexpected keyword"))
        #expect(try await outputs(app, [["n": 5]]) == [5])
        await app.close()
    }

    @Test("session_id, history and the whole request are there for those who ask")
    func conversations() async throws {
        let app = try app(
            """
            from evalhost_app import current, serve
            def predict(q, history, session_id="none"):
                return [q, session_id, history, current().session_id, len(current().traceparent)]
            serve(predict)
            """
        )
        let turn = PredictRequest.Turn(inputs: ["q": 1], outputs: "one")
        let request = PredictRequest(id: .make(), inputs: ["q": 2], sessionID: "s", history: [turn])
        let expected: JSON = [2, "s", [["inputs": ["q": 1], "outputs": "one"]], "s", 55]
        #expect(try await app.predict(request).outputs == expected)
        #expect(
            try await outputs(app, [["q": 3], ["q": 4, "history": "own"]]) == [
                [3, "none", [], nil, 55], [4, "none", "own", nil, 55],
            ]
        )
        await app.close()
    }

    @Test("dataclasses, objects like pydantic's and numpy's, and Answer are outputs")
    func outputs() async throws {
        let app = try app(
            """
            import dataclasses
            from evalhost_app import Answer, serve
            @dataclasses.dataclass
            class Point: x: int
            class Model:
                def model_dump(self): return {"p": Point(2)}
            class Row:
                def tolist(self): return [1, 2]
            def predict():
                return Answer([Point(1), Model(), Row()], usage={"input_tokens": 1, "output_tokens": 2, "cost": 0.5})
            serve(predict)
            """
        )
        let prediction = try await app.predict(PredictRequest(id: .make(), inputs: [:]))
        #expect(prediction.outputs == [["x": 1], ["p": ["x": 2]], [1, 2]])
        #expect(prediction.usage?.totalTokens == 3)
        #expect(prediction.costUSD == 0.5)
        await app.close()
    }

    @Test(
        "several calls run at a time, in threads or as tasks",
        arguments: [
            """
            import threading
            meeting = threading.Barrier(4)
            def predict(n): meeting.wait(20); return n
            """,
            """
            import asyncio
            waiting = []
            async def predict(n):
                waiting.append(n)
                while len(waiting) % 4: await asyncio.sleep(0)
                return n
            """,
        ]
    )
    func concurrency(_ script: String) async throws {
        let app = try app("from evalhost_app import serve\n\(script)\nserve(predict, concurrency=4)", inFlight: 4)
        let inputs = (0..<4).map { ["n": JSON($0)] as JSON }
        #expect(try await outputs(app, inputs) == [0, 1, 2, 3])
        await app.close()
    }

    @Test("an async function is awaited in turn, in one event loop")
    func asynchronous() async throws {
        let app = try app(
            """
            import asyncio
            from evalhost_app import serve
            loops = set()
            async def predict(n):
                loops.add(id(asyncio.get_running_loop()))
                await asyncio.sleep(0)
                return [n, len(loops)]
            serve(predict)
            """,
            inFlight: 8
        )
        let inputs = (0..<20).map { ["n": JSON($0)] as JSON }
        #expect(try await outputs(app, inputs) == (0..<20).map { [JSON($0), 1] })
        await app.close()
    }

    @Test("large rows pass in both directions")
    func large() async throws {
        let app = try app("from evalhost_app import serve\nserve(lambda text: text)", inFlight: 4)
        let texts = (0..<4).map { JSON(String(repeating: "ab\u{e9}\n", count: 60_000 * $0 + 1)) }
        #expect(try await outputs(app, texts.map { ["text": $0] }) == texts)
        await app.close()
    }
}
