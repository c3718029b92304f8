// The decisions about workers: what is fed, who is blamed, what starts again. No process, no clock.

import Testing

@testable import EvalPlugins

/// A fleet whose workers do what a test says.
private struct Script {
    var fleet: WorkerFleet
    var now = Duration.zero
    /// The rows with an answer, and how often each has one.
    var answered: [Int: Int] = [:]
    var faults: [Int: PluginFault] = [:]
    /// The faults of all jobs.
    var log: [PluginFault] = []
    var finished: [Int] = []
    var spawned: [Int] = []
    var killed: [Int] = []
    var warnings: [WorkerFleet.Warning] = []
    var sent: [WorkerFleet.Request] = []

    init(_ change: (inout WorkerFleet.Policy) -> Void = { _ in }) {
        var policy = WorkerFleet.Policy()
        policy.workers = 1
        change(&policy)
        fleet = WorkerFleet(policy)
        fleet.add(1, rowDeadline: .seconds(10))
    }

    mutating func settle() {
        for action in fleet.takeActions() {
            switch action {
            case .spawn(let id): spawned.append(id)
            case .send(_, _, let request): sent.append(request)
            case .accept(_, _, let unit, let count):
                for row in unit.rows.prefix(count) { answered[row, default: 0] += 1 }
            case .fault(_, let row, let fault):
                faults[row] = fault
                log.append(fault)
            case .finish(let job): finished.append(job)
            case .kill(let id): killed.append(id)
            case .warn(let warning): warnings.append(warning)
            }
        }
    }

    mutating func submit(_ job: Int = 1, rows: Int, instance: Int = 1) {
        fleet.submit(job, .score, instance: instance, rows: rows, now: now)
        settle()
    }

    mutating func start(_ worker: Int = 0) {
        fleet.started(worker, now: now)
        settle()
    }

    /// The worker answers its first request wholly.
    mutating func complete(_ worker: Int = 0, lane: Int = 0, rows: Int? = nil) {
        var count = 0
        if case .unit(let unit)? = fleet.workers[worker].lanes[lane].requests.first?.kind { count = unit.rows.count }
        fleet.completed(worker, lane: lane, rowsDone: rows ?? count, now: now)
        settle()
    }

    /// The worker dies after so many rows of its first request.
    mutating func die(
        _ cause: WorkerFleet.Death.Cause = .fault(.crash(.init(signal: 11))),
        after rows: Int = 0,
        isBusy: Bool = true,
        worker: Int = 0
    ) {
        let progress = WorkerFleet.Progress(rowsDone: rows, isBusy: isBusy)
        fleet.died(worker, .init(cause: cause, progress: [progress]), now: now)
        settle()
    }

    /// Serves whatever there is until nothing is left: rows in `bad` crash.
    mutating func serve(bad: Set<Int> = [], cause: WorkerFleet.Death.Cause = .fault(.crash(.init(signal: 11)))) {
        for _ in 0..<10_000 {
            var isIdle = true
            for id in fleet.workers.indices {
                switch fleet.workers[id].state {
                case .starting: start(id)
                case .ending: die(.ended, isBusy: false, worker: id)
                case .ready where !fleet.workers[id].isIdle:
                    guard case .unit(let unit)? = fleet.workers[id].lanes[0].requests.first?.kind else {
                        complete(id)
                        break
                    }
                    if let culprit = unit.rows.first(where: bad.contains) {
                        die(cause, after: culprit - unit.rows.lowerBound, worker: id)
                    } else {
                        complete(id)
                    }
                default: continue
                }
                isIdle = false
            }
            if isIdle { return }
        }
        Issue.record("the fleet never comes to rest")
    }
}

private let crash = PluginFault.crash(.init(signal: 11))

@Suite struct FeedingTests {
    @Test("a worker starts with the first rows, makes the instance, then gets the rows")
    func lazyStart() {
        var script = Script()
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
        var script = Script { $0.workers = 2 }
        script.submit(1, rows: 2)
        #expect(script.spawned == [0])
        script.start()
        script.complete()
        script.submit(2, rows: 2)
        #expect(script.spawned == [0, 1])
        script.serve()
        #expect(script.finished.sorted() == [1, 2])
    }

    @Test("rows that found no room in a slot are asked for again, each once")
    func noRoom() {
        var script = Script()
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
        var script = Script { $0.rowsPerWorker = 5 }
        script.submit(1, rows: 6)
        script.serve()
        script.submit(2, rows: 6)
        script.serve()
        #expect(script.spawned == [0, 0] && script.finished == [1, 2] && script.warnings.isEmpty)
    }

    @Test("slots are used in turn, and never more than a lane has")
    func slots() {
        var script = Script()
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
        var script = Script {
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
        var script = Script()
        script.submit(rows: 100)
        script.serve(bad: [37])
        #expect(script.faults == [37: crash])
        #expect(script.answered == Dictionary(uniqueKeysWithValues: (0..<100).filter { $0 != 37 }.map { ($0, 1) }))
        #expect(script.finished == [1] && script.spawned == [0, 0])
    }

    @Test(
        "memory, signals and threads of the plugin's own: once more alone, and only a second time is the row's",
        arguments: [
            (WorkerFleet.Death.Cause.memory, PluginFault.memory), (.signal(9), .killed(signal: 9)),
            (.otherThread(crash), crash),
        ]
    )
    func secondChance(cause: WorkerFleet.Death.Cause, fault: PluginFault) {
        var once = Script()
        once.submit(rows: 10)
        once.start()
        once.complete()
        once.die(cause, after: 4)
        once.serve()
        #expect(once.faults.isEmpty && once.answered.count == 10 && once.answered.values.allSatisfy { $0 == 1 })

        var twice = Script()
        twice.submit(rows: 10)
        twice.serve(bad: [4], cause: cause)
        #expect(twice.faults == [4: fault] && twice.answered.count == 9)
        #expect(twice.sent.contains { $0.kind == .unit(.init(job: 1, rows: 4..<5, isAlone: true)) })
    }

    @Test("a worker that ends between rows is nobody's fault; after that rows go one by one, and not for ever")
    func idleDeath() {
        var script = Script()
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

        var hopeless = Script()
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
        var script = Script()
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
        var script = Script()
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
        var script = Script()
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
        var script = Script()
        script.submit(rows: 2)
        for _ in 0..<3 { script.die(.signal(9)) }
        #expect(script.spawned == [0, 0, 0] && script.faults.count == 2 && script.finished == [1])

        var refused = Script()
        refused.submit(rows: 2)
        refused.die(.failedStart("no"))
        #expect(refused.spawned == [0] && refused.faults[0] == .unavailable("no"))
        refused.submit(2, rows: 1)
        #expect(refused.spawned == [0, 0], "the next rows try again")
    }

    @Test("of several rows at work at once none is blamed before it has run alone, unless its thread is known")
    func severalLanes() {
        func fleet() -> Script {
            var script = Script {
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
        known.fleet.died(0, .init(cause: .fault(crash), lane: 1, progress: busy), now: .zero)
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

@Suite struct RetirementTests {
    @Test("five faults in a row and five failed probes from later retire a scorer; each row has one error")
    func retirement() {
        var script = Script()
        script.submit(1, rows: 50)
        script.submit(2, rows: 50)
        script.serve(bad: Set(0..<50))
        #expect(script.log.count == 100 && script.finished.sorted() == [1, 2] && script.answered.isEmpty)
        #expect(script.log.count { $0 == crash } == 10)
        #expect(script.log.count { $0 == .retired(faults: 5) } == 90)
        #expect(script.warnings.contains(.retired(1)))
        script.submit(3, rows: 2)
        #expect(script.faults[0] == .retired(faults: 5) && script.finished.contains(3))
    }

    @Test("faults in a row that later rows don't share retire nobody")
    func badStretch() {
        var script = Script()
        script.submit(rows: 100)
        script.serve(bad: Set(10..<30))
        #expect(Set(script.faults.keys) == Set(10..<30) && script.faults.values.allSatisfy { $0 == crash })
        #expect(script.answered.count == 80 && script.answered.values.allSatisfy { $0 == 1 })
    }

    @Test("faults of one row in a hundred never retire")
    func rareFaults() {
        var script = Script()
        script.submit(rows: 1000)
        let bad = Set((0..<10).map { $0 * 100 })
        script.serve(bad: bad)
        #expect(Set(script.faults.keys) == bad && script.answered.count == 990)
    }

    @Test("an instance that fresh workers can't make is given up, with the reason on its rows")
    func brokenInstance() {
        var script = Script()
        script.submit(rows: 2)
        script.start()
        script.fleet.completed(0, lane: 0, rowsDone: 0, refusal: "no model file", now: .zero)
        script.settle()
        #expect(script.finished == [1])
        #expect(script.faults[0]?.words.contains("no model file") == true)
    }

    @Test("other scorers of the library go on when one is retired")
    func others() {
        var script = Script()
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
