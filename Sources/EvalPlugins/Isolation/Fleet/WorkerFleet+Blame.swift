// What the end of a worker means: which row is to blame, and what becomes of the others.

extension WorkerFleet {
    /// A worker has ended; its answers before that were taken with ``completed(_:lane:rowsDone:isCorrupt:refusal:now:)``.
    mutating func died(_ id: WorkerID, _ found: Death, now: Duration) {
        var death = found
        let worker = workers[id]
        if case .killed(let cause, let lane) = worker.state {
            death.cause = cause
            death.lane = lane
        }
        workers[id] = Worker(lanes: Array(repeating: Lane(), count: max(1, policy.lanes)))
        guard worker.hasServed else {
            failedToStart(death, now)
            return feed(now)
        }
        if case .ending = worker.state, death.cause != .ended { act(.warn(.failedWhileEnding(death.cause))) }

        let suspects = suspects(in: worker, death)
        var left: [Unit] = []
        for (lane, state) in worker.lanes.enumerated() {
            for (place, request) in state.requests.enumerated() {
                switch request.kind {
                case .quit: break
                case .create(let instance):
                    if place == 0, suspects.contains(lane) { createFailed(instance, death) }
                case .unit(let unit):
                    let progress = place == 0 && lane < death.progress.count ? death.progress[lane] : Progress()
                    let isSuspect = place == 0 && suspects.contains(lane)
                    // What had not begun goes again as it is.
                    left +=
                        place > 0
                        ? [unit]
                        : self.left(of: unit, id, lane, progress, isSuspect: isSuspect, suspects.count, death)
                }
            }
        }
        if suspects.isEmpty, !worker.isIdle, death.cause != .ended { act(.warn(.endedBetweenRows(death.cause))) }
        putBack(left)
        tryDoubtful()
        feed(now)
    }

    private mutating func putBack(_ units: [Unit]) {
        var waiting: [Unit] = []
        for unit in units {
            switch jobs[unit.job].flatMap({ instances[$0.instance]?.standing }) {
            case .retired: fault(unit, .retired(faults: policy.faultsBeforeProbes))
            case .broken(let reason): fault(unit, reason)
            case .good, .doubtful, nil: waiting.append(unit)
            }
        }
        alone += waiting.filter(\.isAlone)
        pending.insert(contentsOf: waiting.filter { !$0.isAlone }, at: 0)
    }

    /// The lanes whose rows may be to blame.
    private func suspects(in worker: Worker, _ death: Death) -> [Int] {
        if death.cause == .fault(.corrupt) { return [] }
        if let lane = death.lane {
            // Whoever ended its row between the decision to kill it and its end is not late.
            if case .killed = worker.state, lane < death.progress.count,
                death.progress[lane].mark != worker.lanes[lane].mark
            {
                return []
            }
            return [lane]
        }
        return worker.lanes.indices.filter { lane in
            !worker.lanes[lane].requests.isEmpty && lane < death.progress.count && death.progress[lane].isBusy
        }
    }

    private mutating func failedToStart(_ death: Death, _ now: Duration) {
        failedStarts += 1
        guard failedStarts >= policy.startAttempts || isHopeless(death) else { return }
        failedStarts = 0
        let reason: String
        switch death.cause {
        case .failedStart(let words): reason = words
        case .fault(.deadline(let limit)): reason = "loading the library took longer than \(limit)"
        case .fault(let fault), .otherThread(let fault): reason = "the library \(fault.words) while it was loaded"
        case .memory: reason = "the library used more memory than it may while it was loaded"
        case .signal(let signal): reason = "its worker was ended by \(signalName(signal)) while it started"
        case .ended: reason = "its worker ended while it started"
        }
        faultAll(.unavailable(reason))
    }

    /// Whether another start would end the same way: a library that is refused is refused again.
    private func isHopeless(_ death: Death) -> Bool {
        if case .failedStart = death.cause { return true }
        // To be described is a library's first call; its author wants the first failure, not the third.
        return jobs.values.contains { $0.work == .describe }
    }

    private mutating func createFailed(_ instance: InstanceID, _ death: Death) {
        instances[instance]?.createFailures += 1
        guard let failures = instances[instance]?.createFailures, failures >= policy.startAttempts else { return }
        giveUp(instance, .unavailable("making an instance in a fresh worker failed: it \(fault(of: death).words)"))
    }

    /// What is left of a unit after its worker's end.
    private mutating func left(
        of unit: Unit,
        _ id: WorkerID,
        _ lane: Int,
        _ progress: Progress,
        isSuspect: Bool,
        _ suspectCount: Int,
        _ death: Death
    ) -> [Unit] {
        guard let job = jobs[unit.job] else { return [] }
        if death.cause == .fault(.corrupt) || progress.isCorrupt {
            // Whoever wrote at random can't be told from the answers: each row shows by itself what it does.
            if unit.isAlone || job.work != .score {
                blame(unit, .corrupt)
                return []
            }
            return unit.rows.map { Unit(job: unit.job, rows: $0..<($0 + 1), isAlone: true) }
        }
        let done = min(max(0, progress.rowsDone), unit.rows.count)
        if done > 0 {
            act(.accept(id, lane: lane, unit, count: done))
            if job.work != .create { succeeded(job.instance) }
            settle(unit.job, done)
        }
        var rest = unit
        rest.rows = (unit.rows.lowerBound + done)..<unit.rows.upperBound
        guard let row = rest.rows.first else { return [] }
        var suspect = rest
        suspect.rows = row..<(row + 1)
        rest.rows = (row + 1)..<rest.rows.upperBound
        guard isSuspect else { return stranded(unit, from: row) }
        let isCertain = suspectCount == 1 && isCertain(death)
        if isCertain || suspect.isAlone || job.work == .create || job.work == .describe {
            blame(suspect, fault(of: death))
            return rest.rows.isEmpty ? [] : [rest]
        }
        if case .otherThread(let fault) = death.cause { act(.warn(.replacedAfterCrashOfOtherThread(fault))) }
        suspect.isAlone = true
        return rest.rows.isEmpty ? [suspect] : [suspect, rest]
    }

    /// Rows that a worker left without one of them being at work: they go again, one by one if that was so before.
    private mutating func stranded(_ unit: Unit, from row: Int) -> [Unit] {
        var rest = unit
        rest.rows = row..<unit.rows.upperBound
        guard row == unit.rows.lowerBound else { return [rest] }
        rest.strandings += 1
        if rest.strandings > policy.startAttempts {
            fault(rest, .unavailable("its worker ended \(rest.strandings) times before it got to a row"))
            return []
        }
        guard rest.strandings > 1, rest.rows.count > 1 else { return [rest] }
        return rest.rows.map { Unit(job: rest.job, rows: $0..<($0 + 1), strandings: rest.strandings) }
    }

    /// Whether a death is surely the fault of the row at work.
    private func isCertain(_ death: Death) -> Bool {
        switch death.cause {
        case .fault: true
        case .memory, .signal, .otherThread, .failedStart, .ended: false
        }
    }

    private func fault(of death: Death) -> PluginFault {
        switch death.cause {
        case .fault(let fault), .otherThread(let fault): fault
        case .memory: .memory
        case .signal(let signal): .killed(signal: signal)
        case .failedStart(let words): .unavailable(words)
        case .ended: .exited(status: 0)
        }
    }

    private mutating func blame(_ unit: Unit, _ fault: PluginFault) {
        let job = jobs[unit.job]
        self.fault(unit, fault)
        if let job, job.work == .score || job.work == .session { failed(job.instance, probe: unit.isProbe) }
    }
}
