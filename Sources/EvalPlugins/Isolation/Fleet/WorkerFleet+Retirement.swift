// When a scorer gets no more rows: five that failed one after another, and five from later in the source that failed too.

extension WorkerFleet {
    /// A row has an answer.
    mutating func succeeded(_ instance: InstanceID) {
        instances[instance]?.faults = 0
        instances[instance]?.createFailures = 0
        guard case .doubtful? = instances[instance]?.standing else { return }
        instances[instance]?.standing = .good
        release(instance)
    }

    /// A row has failed by a fault of its own.
    mutating func failed(_ instance: InstanceID, probe: Bool) {
        instances[instance]?.faults += 1
        guard let state = instances[instance] else { return }
        switch state.standing {
        case .good:
            if state.faults >= policy.faultsBeforeProbes {
                instances[instance]?.standing = .doubtful(probesOut: 0, probesFailed: 0)
            }
        case .doubtful(let out, let failedProbes) where probe:
            instances[instance]?.standing = .doubtful(probesOut: out - 1, probesFailed: failedProbes + 1)
            if failedProbes + 1 >= policy.probes { retire(instance) }
        case .doubtful, .retired, .broken: break
        }
    }

    /// Takes probes out of the rows that doubtful instances have waiting: the further apart the better.
    mutating func tryDoubtful() {
        for (id, state) in instances {
            guard case .doubtful(let out, let failed) = state.standing else { continue }
            let missing = policy.probes - out - failed
            let waiting = pending.indices.filter { !pending[$0].isProbe && jobs[pending[$0].job]?.instance == id }
            let rows = waiting.flatMap { place in pending[place].rows.map { (pending[place], $0) } }
            guard missing > 0, !rows.isEmpty else { continue }
            let count = min(missing, rows.count)
            // The last row of all, and others evenly before it.
            let chosen = (1...count).map { rows[$0 * rows.count / count - 1] }
            var probes: [Unit] = []
            for (unit, row) in chosen {
                var probe = unit
                probe.rows = row..<(row + 1)
                probe.isProbe = true
                probes.append(probe)
                cut(row, of: unit.job)
            }
            pending.insert(contentsOf: probes, at: 0)
            instances[id]?.standing = .doubtful(probesOut: out + count, probesFailed: failed)
        }
    }

    /// Takes a row out of the waiting unit that has it.
    private mutating func cut(_ row: Int, of job: JobID) {
        guard let place = pending.firstIndex(where: { $0.job == job && !$0.isProbe && $0.rows.contains(row) }) else {
            return
        }
        var before = pending[place]
        var after = before
        before.rows = before.rows.lowerBound..<row
        after.rows = (row + 1)..<after.rows.upperBound
        pending.replaceSubrange(place...place, with: [before, after].filter { !$0.rows.isEmpty })
    }

    /// Probes that are still waiting become plain rows again.
    private mutating func release(_ instance: InstanceID) {
        for place in pending.indices where jobs[pending[place].job]?.instance == instance {
            pending[place].isProbe = false
        }
    }

    private mutating func retire(_ instance: InstanceID) {
        act(.warn(.retired(instance)))
        instances[instance]?.standing = .retired
        faultWaiting(instance, .retired(faults: policy.faultsBeforeProbes))
    }

    /// Gives up an instance that can't be made any more.
    mutating func giveUp(_ instance: InstanceID, _ fault: PluginFault) {
        instances[instance]?.standing = .broken(fault)
        faultWaiting(instance, fault)
    }

    private mutating func faultWaiting(_ instance: InstanceID, _ fault: PluginFault) {
        let isOfInstance = { [jobs] (unit: Unit) in jobs[unit.job]?.instance == instance }
        let units = alone.filter(isOfInstance) + pending.filter(isOfInstance)
        alone.removeAll(where: isOfInstance)
        pending.removeAll(where: isOfInstance)
        for unit in units { self.fault(unit, fault) }
    }
}
