// A fleet of workers that do what a test says.

import Testing

@testable import EvalPlugins

/// A fleet whose workers do what a test says.
struct FleetScript {
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

let fleetCrash = PluginFault.crash(.init(signal: 11))
