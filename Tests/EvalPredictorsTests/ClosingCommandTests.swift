import EvalCore
import EvalJSON
import EvalPredictors
import Foundation
import Testing

@Suite("A command ends with its run")
struct ClosingCommandTests {
    @Test("processes that read their input to its end go, and none is left as a zombie")
    func wellBehaved() async throws {
        let command = try ScriptedCommand(
            "for r in requests(): time.sleep(0.05); answer(id=r['id'], outputs=os.getpid())",
            processes: 3
        )
        let pids = Set(await command.outcomes(Array(repeating: [:], count: 9)).compactMap { $0.outputs?.integer })
        #expect(pids.count == 3)
        await command.predictor.close()
        #expect(!pids.contains { isThere($0) })
    }

    @Test("one that ignores the end of its input gets SIGTERM, and SIGKILL if it ignores that too")
    func stubborn() async throws {
        for deaf in [false, true] {
            let command = try ScriptedCommand(
                """
                if \(deaf ? "True" : "False"): signal.signal(signal.SIGTERM, signal.SIG_IGN)
                for r in requests(): answer(id=r["id"], outputs=os.getpid())
                while True: signal.pause()
                """
            )
            let pid = try #require(try await command.predict([:]).outputs.integer)
            #expect(isThere(pid))
            await command.predictor.close()
            #expect(!isThere(pid))
        }
    }

    @Test("rows that are in flight then fail, and so does whoever comes later")
    func inFlight() async throws {
        let command = try ScriptedCommand("for r in requests(): sys.stderr.write('held'); signal.pause()")
        async let held = command.outcome([:])
        async let waiting = command.outcome([:])
        while command.predictor.isIdle { await Task.yield() }
        await command.predictor.close()
        let closed = "the command was closed"
        #expect(await held.failure?.message == closed)
        #expect(await waiting.failure?.message == closed)
        #expect(await command.outcome([:]).failure?.message == closed)
    }

    @Test("no descriptor is left")
    func descriptors() async throws {
        func count() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }
        let before = count()
        for _ in 0..<40 {
            let command = try ScriptedCommand(
                shell: "while read -r line; do echo '{\"outputs\":1}'; done",
                processes: 2
            )
            #expect(await command.outcomes([[:], [:]]).map(\.outputs) == [1, 1])
            await command.predictor.close()
        }
        // Other tests open some meanwhile; this one opened 40 * (2 * 6 + 2).
        #expect(count() - before < 200)
    }
}
