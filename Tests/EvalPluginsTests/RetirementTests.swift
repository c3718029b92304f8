// When a scorer gets no more rows, as a decision without processes.

import Testing

@testable import EvalPlugins

@Suite struct RetirementTests {
    @Test("five faults in a row and five failed probes from later retire a scorer; each row has one error")
    func retirement() {
        var script = FleetScript()
        script.submit(1, rows: 50)
        script.submit(2, rows: 50)
        script.serve(bad: Set(0..<50))
        #expect(script.log.count == 100 && script.finished.sorted() == [1, 2] && script.answered.isEmpty)
        #expect(script.log.count { $0 == fleetCrash } == 10)
        #expect(script.log.count { $0 == .retired(faults: 5) } == 90)
        #expect(script.warnings.contains(.retired(1)))
        script.submit(3, rows: 2)
        #expect(script.faults[0] == .retired(faults: 5) && script.finished.contains(3))
    }

    @Test("faults in a row that later rows don't share retire nobody")
    func badStretch() {
        var script = FleetScript()
        script.submit(rows: 100)
        script.serve(bad: Set(10..<30))
        #expect(Set(script.faults.keys) == Set(10..<30) && script.faults.values.allSatisfy { $0 == fleetCrash })
        #expect(script.answered.count == 80 && script.answered.values.allSatisfy { $0 == 1 })
    }

    @Test("faults of one row in a hundred never retire")
    func rareFaults() {
        var script = FleetScript()
        script.submit(rows: 1000)
        let bad = Set((0..<10).map { $0 * 100 })
        script.serve(bad: bad)
        #expect(Set(script.faults.keys) == bad && script.answered.count == 990)
    }

    @Test("an instance that fresh workers can't make is given up, with the reason on its rows")
    func brokenInstance() {
        var script = FleetScript()
        script.submit(rows: 2)
        script.start()
        script.fleet.completed(0, lane: 0, rowsDone: 0, refusal: "no model file", now: .zero)
        script.settle()
        #expect(script.finished == [1])
        #expect(script.faults[0]?.words.contains("no model file") == true)
    }

    @Test("other scorers of the library go on when one is retired")
    func others() {
        var script = FleetScript()
        script.fleet.add(2, rowDeadline: .seconds(1))
        script.submit(1, rows: 40)
        script.serve(bad: Set(0..<40))
        script.faults = [:]
        script.answered = [:]
        script.submit(2, rows: 40, instance: 2)
        script.serve()
        #expect(script.faults.isEmpty && script.answered.count == 40)
    }
}
