import EvalCore
import EvalJSON
import EvalPredictors
import Foundation
import Testing

@Suite("A command answers")
struct CommandPredictorTests {
    @Test("it gets id, inputs and traceparent, and in conversations session_id and history")
    func request() async throws {
        let echo = try ScriptedCommand("for r in requests(): answer(id=r['id'], outputs=r)")
        let turn = PredictRequest.Turn(inputs: ["q": 1], outputs: "one")
        let id = PublicID.make()
        let request = PredictRequest(id: id, inputs: ["q": "zwei\n"], sessionID: "s", history: [turn])
        let outputs = try await echo.predictor.predict(request).outputs
        let expected: JSON = [
            "id": JSON(id.hexadecimal), "inputs": ["q": "zwei\n"], "traceparent": JSON(request.traceparent),
            "session_id": "s", "history": [["inputs": ["q": 1], "outputs": "one"]],
        ]
        #expect(outputs == expected)
        #expect(try await echo.predict([:]).outputs["history"] == nil)
        await echo.predictor.close()
        #expect(echo.warnings.all.isEmpty)
    }

    @Test("in any order with identifiers, in their order without")
    func order() async throws {
        let command = try ScriptedCommand(
            """
            held = []
            for r in requests():
                held.append(r)
                if len(held) == 3:
                    if r["inputs"]["ids"]:
                        for h in reversed(held): answer(id=h["id"], outputs=h["inputs"]["n"])
                    else:
                        for h in held: answer(outputs=h["inputs"]["n"])
                    held = []
            """,
            inFlight: 3
        )
        for ids in [true, false] {
            let outcomes = await command.outcomes((0..<3).map { ["ids": JSON(booleanLiteral: ids), "n": JSON($0)] })
            #expect(outcomes.map(\.outputs) == [0, 1, 2])
        }
        await command.predictor.close()
        #expect(command.warnings.all.isEmpty)
    }

    @Test("what it writes to standard error before an answer is in that row's log, and in no other's")
    func logs() async throws {
        let command = try ScriptedCommand(
            """
            for r in requests():
                if r["inputs"]["talk"]: sys.stderr.write("about %s\\n" % r["inputs"]["n"])
                answer(id=r["id"], outputs=1, usage={"input_tokens": 1, "output_tokens": 2}, trace={})
            """
        )
        for n in 0..<200 {
            let prediction = try await command.predict(["n": JSON(n), "talk": JSON(booleanLiteral: n % 2 == 0)])
            #expect(prediction.log == (n % 2 == 0 ? "about \(n)\n" : nil))
            #expect(prediction.usage?.totalTokens == 3)
            #expect(prediction.trace == [:])
        }
        await command.predictor.close()
    }

    @Test("an error that it reports is the row's, with the end of the log")
    func errors() async throws {
        let command = try ScriptedCommand(
            """
            for r in requests():
                sys.stderr.write("x" * 9000 + "reason\\n")
                answer(id=r["id"], error={"code": "Busy", "message": "later", "retryable": True})
            """
        )
        let failure = try #require(await command.outcome([:]).failure)
        #expect(failure.message == "Busy: later")
        #expect(failure.isRetryable)
        #expect(failure.log?.hasSuffix("xreason\n") == true)
        #expect(failure.log?.utf8.count == 4096)
        await command.predictor.close()
    }

    @Test("rows that no process can hold wait without losing their time")
    func waiting() async throws {
        let command = try ScriptedCommand(
            shell: "while read -r line; do sleep 0.2; echo '{\"outputs\":1}'; done",
            timeout: .seconds(3)
        )
        let outcomes = await command.outcomes(Array(repeating: [:], count: 20))
        #expect(outcomes.allSatisfy { $0.outputs == 1 }, "\(outcomes)")
        await command.predictor.close()
    }

    @Test("a cancelled call ends at once, and its late answer is nobody's")
    func cancelling() async throws {
        let command = try ScriptedCommand(
            """
            for r in requests():
                if r["inputs"].get("slow"): sys.stderr.write("held\\n"); time.sleep(0.3)
                answer(id=r["id"], outputs=r["inputs"].get("n"))
            """
        )
        let slow = Task { try await command.predict(["slow": true]) }
        let next = Task { try await command.predict(["n": 7]).outputs }
        slow.cancel()
        await #expect(throws: CancellationError.self) { try await slow.value }
        #expect(try await next.value == 7)
        await command.predictor.close()
        #expect(command.warnings.all.isEmpty)
    }

    @Test("nothing starts before the first request, and nothing after the end")
    func idle() async throws {
        let unused = try CommandPredictor(command: "touch /nowhere; exit 1")
        await unused.close()
        await #expect(throws: PredictFailure("the command was closed")) {
            try await unused.predict(PredictRequest(id: .make(), inputs: [:]))
        }
    }

    @Test("options that can't be are refused before anything starts")
    func options() {
        typealias Options = CommandPredictor.Options
        for (command, options, message) in [
            (" ", Options(), "the predict command is empty"),
            ("a\0b", Options(), "the predict command has a NUL character"),
            ("x", Options(processes: 0), "the predict command needs at least 1 process"),
            ("x", Options(inFlight: 0), "the predict command needs at least 1 row in flight"),
            ("x", Options(timeout: .zero), "the timeout must be above 0"),
        ] {
            #expect(throws: Diagnostic(message)) { try CommandPredictor(command: command, options: options) }
        }
    }
}
