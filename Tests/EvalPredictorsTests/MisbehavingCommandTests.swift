import EvalCore
import EvalJSON
import EvalPredictors
import Foundation
import Testing

@Suite("A command that misbehaves costs its rows only")
struct MisbehavingCommandTests {
    /// A line of the scripts: it answers with its process's number unless the inputs say what else to do.
    private func command(
        _ misdeed: String,
        processes: Int = 1,
        inFlight: Int = 1,
        timeout: Duration = .seconds(30),
        _ change: (inout CommandPredictor.Options) -> Void = { _ in }
    ) throws -> ScriptedCommand {
        let script = """
            for r in requests():
                bad = r["inputs"].get("bad")
                if bad:
            \(misdeed.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n"))
                answer(id=r["id"], outputs=os.getpid())
            """
        return try ScriptedCommand(script, processes: processes, inFlight: inFlight, timeout: timeout, change)
    }

    @Test(
        "it dies",
        arguments: [
            ("sys.exit('no more')", "the command ended with exit status 1 before it answered", "no more\n"),
            ("os.abort()", "the command was killed by signal 6 (SIGABRT) before it answered", nil),
            (
                "os.write(1, b'{\"outputs\": 12'); os.write(2, b'half'); os._exit(3)",
                "the command ended with exit status 3 before it answered", "half"
            ),
        ] as [(String, String, String?)]
    )
    func dying(_ misdeed: String, message: String, log: String?) async throws {
        let command = try command(misdeed)
        let first = try await command.predict([:]).outputs
        let failure = await command.outcome(["bad": true]).failure
        #expect(failure == PredictFailure(message, log: log), "\(String(describing: failure))")
        let second = try await command.predict([:]).outputs
        #expect(first != second)
        await command.predictor.close()
    }

    @Test("it hangs and ignores SIGTERM: it and what it started are killed")
    func hanging() async throws {
        let command = try ScriptedCommand(
            shell: """
                trap '' TERM
                while read -r line; do
                    case $line in
                        *bad*) sleep 1000 & echo "$$ $!" >&2; wait;;
                        *) echo "{\\"outputs\\":$$}";;
                    esac
                done
                """,
            timeout: .seconds(2)
        )
        let pid = try await command.predict([:]).outputs.integer
        let failure = try #require(await command.outcome(["bad": true]).failure)
        #expect(failure.message == "no answer within 2.0 seconds")
        #expect(!failure.isRetryable)
        let pids = try #require(failure.log).split { !$0.isNumber }.compactMap { Int64($0) }
        #expect(pids.count == 2 && pids.first == pid)
        #expect(try await command.predict([:]).outputs.integer != pid)
        #expect(!isThere(pids[0]), "its place is taken when it is gone")
        #expect(!isRunning(pids[1]))
        await command.predictor.close()
    }

    @Test("it floods standard error")
    func flooding() async throws {
        let command = try command("for _ in range(100): os.write(2, b'0123456789' * 10000)")
        let prediction = try await command.predict(["bad": true])
        #expect(prediction.log?.utf8.count == (64 << 10) + 3)
        #expect(try await command.predict([:]).log == nil)
        await command.predictor.close()
    }

    @Test("it prints garbage: the row fails, and answers with identifiers go on")
    func garbage() async throws {
        let command = try command("print('{half', flush=True)\ncontinue")
        let pid = try await command.predict([:]).outputs
        let failure = PredictFailure("the command printed a line that is not a JSON object")
        #expect(await command.outcome(["bad": true]).failure == failure)
        #expect(try await command.predict([:]).outputs == pid)
        await command.predictor.close()
    }

    @Test("it prints a greeting before its answer: the late answer is no other row's")
    func greeting() async throws {
        let command = try ScriptedCommand(
            """
            for r in requests():
                if r["inputs"].get("bad"): print("Hello!", flush=True)
                answer(outputs=r["inputs"]["n"])
            """
        )
        #expect(await command.outcome(["bad": true, "n": 1]).failure?.isRetryable == false)
        for n in 2..<5 {
            let outcome = await command.outcome(["n": JSON(n)])
            #expect(outcome.outputs == JSON(n) || outcome.failure?.isRetryable == true)
        }
        await command.predictor.close()
    }

    @Test("it answers twice, and with identifiers that nobody gave it")
    func twice() async throws {
        let command = try ScriptedCommand(
            """
            for r in requests():
                answer(id="0" * 32, outputs="wrong")
                answer(id=12, outputs="wrong")
                answer(id=r["id"], outputs=r["inputs"]["n"])
                answer(id=r["id"], outputs="wrong")
            """,
            inFlight: 4
        )
        let outcomes = await command.outcomes((0..<50).map { ["n": JSON($0)] })
        #expect(outcomes.map(\.outputs) == (0..<50).map { JSON($0) })
        await command.predictor.close()
        #expect(
            command.warnings.all == [
                "the command answered with an 'id' that it was not asked, or twice; such answers are ignored"
            ]
        )
    }

    @Test("it closes its input after a row, but lives on")
    func deaf() async throws {
        let command = try ScriptedCommand(
            """
            r = next(requests())
            os.close(0)
            answer(id=r["id"], outputs=r["inputs"]["n"])
            signal.pause()
            """,
            processes: 2
        )
        let outcomes = await command.outcomes((0..<4).map { ["n": JSON($0)] })
        #expect(outcomes.map(\.outputs) == (0..<4).map { JSON($0) }, "\(outcomes)")
        await command.predictor.close()
    }

    @Test("it closes its output, but lives on")
    func mute() async throws {
        let command = try command("os.close(1)\nsignal.pause()")
        let failure = try #require(await command.outcome(["bad": true]).failure)
        #expect(failure.message == "the command closed its standard output before it answered")
        #expect(try await command.predict([:]).outputs.integer != nil)
        await command.predictor.close()
    }

    @Test("it answers one row and ends")
    func oneShot() async throws {
        let command = try ScriptedCommand(
            "r = next(requests()); answer(id=r['id'], outputs=r['inputs']['n'])",
            processes: 2
        )
        let outcomes = await command.outcomes((0..<8).map { ["n": JSON($0)] })
        #expect(outcomes.map(\.outputs) == (0..<8).map { JSON($0) })
        await command.predictor.close()
    }

    @Test("it ends with an answer that has no newline")
    func noNewline() async throws {
        let command = try ScriptedCommand("r = next(requests()); os.write(1, b'{\"outputs\": 5}'); os._exit(9)")
        #expect(try await command.predict([:]).outputs == 5)
        await command.predictor.close()
    }

    @Test("it writes a line that doesn't end")
    func endless() async throws {
        let command = try command("while True: os.write(1, b'x' * 65536)") { $0.lineBytes = 1 << 20 }
        let failure = try #require(await command.outcome(["bad": true]).failure)
        #expect(failure.message == "the command printed a line longer than 64 MiB")
        #expect(try await command.predict([:]).outputs.integer != nil)
        await command.predictor.close()
    }

    @Test("it can't be started: after five deaths every row is told so at once")
    func missing() async throws {
        let predictor = try CommandPredictor(
            command: "no-such-program-here",
            options: .init(processes: 1, environment: ["PATH": "/nowhere", "LC_ALL": "C"])
        )
        var failures: [PredictFailure] = []
        for _ in 0..<3 {
            do {
                _ = try await predictor.predict(PredictRequest(id: .make(), inputs: [:]))
            } catch {
                failures.append(try #require(error as? PredictFailure))
            }
        }
        for failure in failures {
            #expect(failure.message.hasPrefix("the command is not started again: 5 times in a row"))
            #expect(failure.message.hasSuffix("ended with exit status 127 (is it installed?)"))
            #expect(failure.log?.contains("no-such-program-here: not found") == true)
            #expect(!failure.isRetryable)
        }
        await predictor.close()
    }

    @Test("it dies now and then among many rows: each row gets its own answer when it is tried again")
    func chaos() async throws {
        let command = try ScriptedCommand(
            """
            for i, r in enumerate(requests()):
                n = r["inputs"]["n"]
                if n % 100 == 99: os._exit(1)
                if i % 40 == 39: print("garbage", flush=True); continue
                answer(id=r["id"], outputs=n)
            """,
            processes: 2,
            inFlight: 8
        )
        let outcomes = await withTaskGroup { group in
            for n in 0..<600 {
                group.addTask { () -> (Int, Result<JSON, PredictFailure>) in
                    let request = PredictRequest(id: .make(), inputs: ["n": JSON(n)])
                    var last = Result<JSON, PredictFailure>.failure(PredictFailure("not tried"))
                    for _ in 0..<30 {
                        do {
                            last = .success(try await command.predictor.predict(request).outputs)
                        } catch {
                            last = .failure(error as? PredictFailure ?? PredictFailure("\(error)"))
                        }
                        if last.failure?.isRetryable != true { break }
                    }
                    return (n, last)
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        for (n, outcome) in outcomes {
            if n % 100 == 99 {
                #expect(outcome.failure?.message == "the command ended with exit status 1 before it answered")
            } else if let outputs = outcome.outputs {
                #expect(outputs == JSON(n))
            } else {
                #expect(outcome.failure?.message == "the command printed a line that is not a JSON object")
            }
        }
        #expect(outcomes.count { $0.value.outputs != nil } > 500)
        await command.predictor.close()
    }
}
