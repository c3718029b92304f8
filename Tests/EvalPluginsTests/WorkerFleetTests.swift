// The decisions about workers: what is fed, who is blamed, what starts again. No process, no clock.

import Testing

@testable import EvalPlugins

@Suite struct FeedingTests {
    @Test("a worker starts with the first rows, makes the instance, then gets the rows")
    func lazyStart() {
        var script = FleetScript()
        script.settle()
        #expect(script.spawned.isEmpty)
        script.submit(rows: 3)
        #expect(script.spawned == [0] && script.sent.isEmpty)
        script.start()
        #expect(script.sent.map(\.kind) == [.create(1)])
        script.complete()
        #expect(script.sent.last?.kind == .unit(.init(job: 1, rows: 0..<3)))
        script.complete()
        #expect(script.answered == [0: 1, 1: 1, 2: 1] && script.finished == [1])
    }

    @Test("a second worker starts when more rows wait than the first is at work on")
    func secondWorker() {
        var script = FleetScript { $0.workers = 2 }
        script.submit(1, rows: 2)
        #expect(script.spawned == [0])
        script.start()
        #expect(script.spawned == [0], "making an instance is no reason for another worker")
        script.complete()
        script.submit(2, rows: 2)
        #expect(script.spawned == [0, 1])
        script.serve()
        #expect(script.finished.sorted() == [1, 2])
    }

    @Test("rows that found no room in a slot are asked for again, each once")
    func noRoom() {
        var script = FleetScript()
        script.submit(rows: 10)
        script.start()
        script.complete()
        script.complete(rows: 4)
        #expect(script.sent.last?.kind == .unit(.init(job: 1, rows: 4..<10)))
        script.serve()
        #expect(script.answered == Dictionary(uniqueKeysWithValues: (0..<10).map { ($0, 1) }))
    }

    @Test("a worker that served its share is asked to end, and replaced when there are rows")
    func replacement() {
        var script = FleetScript { $0.rowsPerWorker = 5 }
        script.submit(1, rows: 6)
        script.serve()
        script.submit(2, rows: 6)
        script.serve()
        #expect(script.spawned == [0, 0] && script.finished == [1, 2] && script.warnings.isEmpty)
    }

    @Test("slots are used in turn, and never more than a lane has")
    func slots() {
        var script = FleetScript()
        script.submit(1, rows: 1)
        script.start()
        script.complete()
        for job in 2...9 { script.submit(job, rows: 1) }
        #expect(script.sent.map(\.slot) == [0, 1, 2, 3, 0])
        script.complete()
        #expect(script.sent.last?.slot == 1)
    }

    @Test("one row makes one instance, however many lanes there are")
    func lanes() {
        var script = FleetScript {
            $0.lanes = 64
            $0.depth = 1
        }
        script.submit(1, rows: 1)
        script.start()
        #expect(script.sent.count == 1)
        script.submit(2, rows: 1)
        #expect(script.sent.map(\.slot) == [0, 1])
    }
}

@Suite struct BlameTests {
    @Test("a crash is the error of the row at work; those before keep their answers, those after go on")
    func crashInTheMiddle() {
        var script = FleetScript()
        script.submit(rows: 100)
        script.serve(bad: [37])
        #expect(script.faults == [37: fleetCrash])
        #expect(script.answered == Dictionary(uniqueKeysWithValues: (0..<100).filter { $0 != 37 }.map { ($0, 1) }))
        #expect(script.finished == [1] && script.spawned == [0, 0])
    }

    @Test(
        "memory, signals and threads of the plugin's own: once more alone, and only a second time is the row's",
        arguments: [
            (WorkerFleet.Death.Cause.memory, PluginFault.memory), (.signal(9), .killed(signal: 9)),
            (.otherThread(fleetCrash), fleetCrash),
        ]
    )
    func secondChance(cause: WorkerFleet.Death.Cause, fault: PluginFault) {
        var once = FleetScript()
        once.submit(rows: 10)
        once.start()
        once.complete()
        once.die(cause, after: 4)
        once.serve()
        #expect(once.faults.isEmpty && once.answered.count == 10 && once.answered.values.allSatisfy { $0 == 1 })

        var twice = FleetScript()
        twice.submit(rows: 10)
        twice.serve(bad: [4], cause: cause)
        #expect(twice.faults == [4: fault] && twice.answered.count == 9)
        #expect(twice.sent.contains { $0.kind == .unit(.init(job: 1, rows: 4..<5, isAlone: true)) })
    }

    @Test("a worker that ends between rows is nobody's fault; after that rows go one by one, and not for ever")
    func idleDeath() {
        var script = FleetScript()
        script.submit(rows: 3)
        for _ in 0..<2 {
            script.start()
            script.complete()
            script.die(.fault(.exited(status: 77)), isBusy: false)
        }
        #expect(script.faults.isEmpty && script.warnings.count == 2)
        script.start()
        script.complete()
        #expect(script.sent.suffix(3).map(\.kind).contains(.unit(.init(job: 1, rows: 0..<1, strandings: 2))))
        script.serve()
        #expect(script.answered.count == 3)

        var hopeless = FleetScript()
        hopeless.submit(rows: 1)
        for _ in 0..<20 where hopeless.finished.isEmpty {
            hopeless.start()
            hopeless.complete()
            hopeless.die(.fault(.exited(status: 77)), isBusy: false)
        }
        #expect(hopeless.finished == [1] && hopeless.faults[0]?.code == "plugin_unavailable")
    }

    @Test("who wrote at random shows when rows run alone: that row has the error, the others their answers")
    func corruption() {
        var script = FleetScript()
        script.submit(rows: 4)
        script.start()
        script.complete()
        script.fleet.completed(0, lane: 0, rowsDone: 4, isCorrupt: true, now: .zero)
        script.settle()
        #expect(script.killed == [0] && script.answered.isEmpty)
        script.die(.signal(9), after: 4, isBusy: false)
        for row in 0..<4 {
            script.start()
            script.complete()
            #expect(script.sent.last?.kind == .unit(.init(job: 1, rows: row..<(row + 1), isAlone: true)))
            if row == 2 {
                script.fleet.completed(0, lane: 0, rowsDone: 1, isCorrupt: true, now: .zero)
                script.settle()
                script.die(.signal(9), isBusy: false)
            } else {
                script.complete()
                if row < 3 { script.die(.ended, isBusy: false) }
            }
        }
        #expect(script.faults == [2: .corrupt] && script.answered == [0: 1, 1: 1, 3: 1])
    }

    @Test("a deadline is the row's at which it passed; progress pushes it back, and the judge stops the clock")
    func deadline() {
        var script = FleetScript()
        script.submit(rows: 3)
        script.start()
        script.complete()
        script.now = .seconds(9)
        script.fleet.progressed(0, lane: 0, mark: 1 << 32 | 2, isAsking: false, now: script.now)
        script.fleet.tick(now: .seconds(18))
        script.settle()
        #expect(script.killed.isEmpty)
        script.fleet.progressed(0, lane: 0, mark: 1 << 32 | 2, isAsking: true, now: .seconds(18))
        script.fleet.tick(now: .seconds(100))
        script.fleet.progressed(0, lane: 0, mark: 1 << 32 | 2, isAsking: false, now: .seconds(100))
        script.fleet.tick(now: .seconds(109))
        script.settle()
        #expect(script.killed.isEmpty)
        script.fleet.tick(now: .seconds(110))
        script.settle()
        #expect(script.killed == [0])
        let progress = WorkerFleet.Progress(rowsDone: 1, isBusy: true, mark: 1 << 32 | 2)
        script.fleet.died(0, .init(cause: .signal(9), progress: [progress]), now: .seconds(110))
        script.settle()
        script.serve()
        #expect(script.faults == [1: .deadline(.seconds(10))] && script.answered == [0: 1, 2: 1])
    }

    @Test("a row that ended between the decision to kill and the end is not late")
    func lateKill() {
        var script = FleetScript()
        script.submit(rows: 3)
        script.start()
        script.complete()
        script.fleet.progressed(0, lane: 0, mark: 1, isAsking: false, now: .zero)
        script.fleet.tick(now: .seconds(10))
        script.settle()
        #expect(script.killed == [0])
        let progress = WorkerFleet.Progress(rowsDone: 1, isBusy: true, mark: 1 << 32 | 2)
        script.fleet.died(0, .init(cause: .signal(9), progress: [progress]), now: .seconds(10))
        script.settle()
        script.serve()
        #expect(script.faults.isEmpty && script.answered.count == 3)
    }

    @Test("a worker that can't start is tried three times; a library that is refused, once")
    func failedStarts() {
        var script = FleetScript()
        script.submit(rows: 2)
        for _ in 0..<3 { script.die(.signal(9)) }
        #expect(script.spawned == [0, 0, 0] && script.faults.count == 2 && script.finished == [1])

        var refused = FleetScript()
        refused.submit(rows: 2)
        refused.die(.failedStart("no"))
        #expect(refused.spawned == [0] && refused.faults[0] == .unavailable("no"))
        refused.submit(2, rows: 1)
        #expect(refused.spawned == [0, 0], "the next rows try again")
    }

    @Test("of several rows at work at once none is blamed before it has run alone, unless its thread is known")
    func severalLanes() {
        func fleet() -> FleetScript {
            var script = FleetScript {
                $0.lanes = 2
                $0.depth = 1
            }
            script.submit(1, rows: 1)
            script.submit(2, rows: 1)
            script.start()
            for lane in 0..<2 { script.complete(lane: lane) }
            return script
        }
        let busy = [WorkerFleet.Progress(isBusy: true), WorkerFleet.Progress(isBusy: true)]
        var known = fleet()
        known.fleet.died(0, .init(cause: .fault(fleetCrash), lane: 1, progress: busy), now: .zero)
        known.settle()
        #expect(known.faults.count == 1)

        var unknown = fleet()
        unknown.fleet.died(0, .init(cause: .fault(.exited(status: 0)), progress: busy), now: .zero)
        unknown.settle()
        #expect(unknown.faults.isEmpty && unknown.fleet.alone.count == 2)
        unknown.serve()
        #expect(unknown.finished.count == 2 && unknown.faults.isEmpty)
    }
}
