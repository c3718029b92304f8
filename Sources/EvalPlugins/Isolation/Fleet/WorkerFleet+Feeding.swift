// Which worker gets which rows, when workers start, and when they are replaced.

extension WorkerFleet {
    /// Gives waiting rows to workers, and starts or ends workers as they are needed.
    mutating func feed(_ now: Duration) {
        while readyWorkers.contains(where: { feedOne($0, now) }) {}
        startWhereNeeded(now)
    }

    /// The workers that serve, those with the least to do first.
    private var readyWorkers: [WorkerID] {
        let ready = workers.indices.filter { workers[$0].state == .ready }
        return ready.count < 2 ? ready : ready.sorted { load($0) < load($1) }
    }

    private func load(_ id: WorkerID) -> Int { workers[id].lanes.reduce(0) { $0 + $1.requests.count } }

    /// Gives one unit to a worker, or prepares it for one.
    ///
    /// - Returns: Whether it was given anything.
    private mutating func feedOne(_ id: WorkerID, _ now: Duration) -> Bool {
        // Whoever must be alone goes to the first worker, which gets nothing else meanwhile.
        if id == 0, let unit = alone.first {
            guard workers[id].isIdle else { return false }
            guard workers[id].isFresh, !workers[id].isTired else {
                end(id, now)
                return false
            }
            if send(unit, to: id, lane: 0, now) { alone.removeFirst() }
            return true
        }
        if workers[id].isTired {
            if workers[id].isIdle { end(id, now) }
            return false
        }
        if isAloneAtWork(id) { return false }
        for place in pending.indices where isWelcome(pending[place]) {
            guard workers[id].lanes.indices.contains(where: { load(id, $0) < policy.depth }) else { return false }
            switch send(pending[place], to: id, now) {
            case .sent:
                pending.remove(at: place)
                return true
            case .prepared: return true
            case .refused: break
            }
        }
        return false
    }

    private enum Sending {
        case sent
        /// The unit's instance is being made.
        case prepared
        case refused
    }

    /// Sends a unit to the lane with the least to do, or has its instance made there first.
    private mutating func send(_ unit: Unit, to id: WorkerID, _ now: Duration) -> Sending {
        let open = workers[id].lanes.indices.filter { load(id, $0) < policy.depth }
        let instance = neededInstance(unit)
        func hasInstance(_ lane: Int) -> Bool {
            instance.map { workers[id].lanes[lane].instances.contains($0) } ?? true
        }
        let ready = open.filter(hasInstance).min { load(id, $0) < load(id, $1) }
        let other = open.filter { !hasInstance($0) }.min { load(id, $0) < load(id, $1) }
        if let ready, other.map({ load(id, ready) <= load(id, $0) }) ?? true {
            return send(unit, to: id, lane: ready, now) ? .sent : .prepared
        }
        // One lane makes an instance for each unit that waits for one, not each lane for one unit.
        guard let other, creating(instance, id) < waiting(for: instance) else { return .refused }
        return send(unit, to: id, lane: other, now) ? .sent : .prepared
    }

    private func creating(_ instance: InstanceID?, _ id: WorkerID) -> Int {
        workers[id].lanes
            .count { lane in
                lane.requests.contains { if case .create(let made) = $0.kind { made == instance } else { false } }
            }
    }

    private func waiting(for instance: InstanceID?) -> Int {
        pending.count { neededInstance($0) == instance && isWelcome($0) }
    }

    private func neededInstance(_ unit: Unit) -> InstanceID? {
        guard let job = jobs[unit.job], job.work == .score || job.work == .session else { return nil }
        return job.instance
    }

    private func load(_ id: WorkerID, _ lane: Int) -> Int {
        let requests = workers[id].lanes[lane].requests
        // A lane that makes an instance has to wait for that.
        if case .create? = requests.last?.kind { return policy.depth }
        return requests.count
    }

    /// Whether rows of the unit's instance are not held back.
    private func isWelcome(_ unit: Unit) -> Bool {
        guard !unit.isProbe, let job = jobs[unit.job], case .doubtful? = instances[job.instance]?.standing else {
            return true
        }
        return false
    }

    private func isAloneAtWork(_ id: WorkerID) -> Bool {
        workers[id].lanes
            .contains { lane in
                lane.requests.contains { if case .unit(let unit) = $0.kind { unit.isAlone } else { false } }
            }
    }

    /// Sends a unit to a lane, or first what makes its instance there.
    ///
    /// - Returns: Whether the unit was sent.
    private mutating func send(_ unit: Unit, to id: WorkerID, lane: Int, _ now: Duration) -> Bool {
        guard jobs[unit.job] != nil else { return true }
        if let instance = neededInstance(unit), !workers[id].lanes[lane].instances.contains(instance) {
            if load(id, lane) < policy.depth { push(.create(instance), to: id, lane: lane, now) }
            return false
        }
        if neededInstance(unit) != nil { workers[id].rowsServed += unit.rows.count }
        push(.unit(unit), to: id, lane: lane, now)
        if workers[id].rowsServed >= policy.rowsPerWorker { workers[id].isTired = true }
        return true
    }

    private mutating func push(_ kind: Request.Kind, to id: WorkerID, lane: Int, _ now: Duration) {
        let sent = workers[id].lanes[lane].sent
        let request = Request(slot: lane + (sent % policy.depth) * policy.lanes, kind: kind)
        if workers[id].lanes[lane].requests.isEmpty { begin(id, lane, now) }
        workers[id].lanes[lane].sent += 1
        workers[id].lanes[lane].requests.append(request)
        act(.send(id, lane: lane, request))
    }

    /// Notes that a lane's first request is at work from now on.
    private mutating func begin(_ id: WorkerID, _ lane: Int, _ now: Duration) {
        workers[id].lanes[lane].since = now
        workers[id].lanes[lane].mark = 0
        workers[id].lanes[lane].isAsking = false
    }

    /// Asks a worker to destroy its instances and to end.
    private mutating func end(_ id: WorkerID, _ now: Duration) {
        workers[id].state = .ending(since: now)
        for lane in workers[id].lanes.indices { push(.quit, to: id, lane: lane, now) }
    }

    private mutating func startWhereNeeded(_ now: Duration) {
        // Rows only: that an instance is being made for them is no reason for another worker.
        let inFlight = workers.reduce(0) { $0 + $1.lanes.reduce(0) { $0 + $1.units } }
        let welcome = pending.count(where: isWelcome)
        let wanted = inFlight + welcome
        let running = workers.count {
            switch $0.state {
            case .ready, .starting: true
            default: false
            }
        }
        if !alone.isEmpty, workers[0].state == .absent { return start(0, now) }
        guard wanted > running * policy.lanes, welcome > 0 || running > 0 else { return }
        if let id = workers.indices.first(where: { workers[$0].state == .absent }) { start(id, now) }
    }

    private mutating func start(_ id: WorkerID, _ now: Duration) {
        workers[id] = Worker(
            state: .starting(since: now),
            lanes: Array(repeating: Lane(), count: max(1, policy.lanes))
        )
        act(.spawn(id))
    }

    // What goes in: progress.

    /// A worker serves.
    mutating func started(_ id: WorkerID, now: Duration) {
        guard case .starting = workers[id].state else { return }
        workers[id].state = .ready
        workers[id].hasServed = true
        failedStarts = 0
        feed(now)
    }

    /// A lane is further with its first request than before.
    mutating func progressed(_ id: WorkerID, lane: Int, mark: UInt64, isAsking: Bool, now: Duration) {
        let before = workers[id].lanes[lane]
        guard before.mark != mark || isAsking || before.isAsking else { return }
        workers[id].lanes[lane].mark = mark
        workers[id].lanes[lane].isAsking = isAsking
        workers[id].lanes[lane].since = now
    }

    /// A lane has answered its first request.
    ///
    /// Fewer rows are done than were asked for where the slot was full; `refusal` is why an instance was not made.
    mutating func completed(
        _ id: WorkerID,
        lane: Int,
        rowsDone: Int,
        isCorrupt: Bool = false,
        refusal: String? = nil,
        now: Duration
    ) {
        guard !workers[id].lanes[lane].requests.isEmpty else { return }
        if isCorrupt {
            // Its memory can't be trusted any more: it goes, and what it says now is looked at no further.
            return kill(id, .fault(.corrupt), lane: nil)
        }
        let request = workers[id].lanes[lane].requests.removeFirst()
        begin(id, lane, now)
        switch request.kind {
        case .quit: break
        case .create(let instance): created(instance, id, lane, refusal)
        case .unit(let unit): completed(unit, id, lane, rowsDone)
        }
        feed(now)
    }

    private mutating func created(_ instance: InstanceID, _ id: WorkerID, _ lane: Int, _ refusal: String?) {
        guard let refusal else {
            workers[id].lanes[lane].instances.insert(instance)
            return
        }
        giveUp(instance, .unavailable("a fresh worker can't make an instance: \(refusal)"))
    }

    private mutating func completed(_ unit: Unit, _ id: WorkerID, _ lane: Int, _ rowsDone: Int) {
        let count = min(max(0, rowsDone), unit.rows.count)
        act(.accept(id, lane: lane, unit, count: count))
        if let job = jobs[unit.job] {
            if job.work == .create { workers[id].lanes[lane].instances.insert(job.instance) }
            if count > 0, job.work != .create { succeeded(job.instance) }
        }
        settle(unit.job, count)
        guard count < unit.rows.count else { return }
        var rest = unit
        rest.rows = (unit.rows.lowerBound + count)..<unit.rows.upperBound
        pending.insert(rest, at: 0)
    }

    // What goes in: time.

    /// Ends what takes too long.
    mutating func tick(now: Duration) {
        for id in workers.indices {
            switch workers[id].state {
            case .absent, .killed: break
            case .starting(let since):
                if now - since >= policy.loadDeadline { kill(id, .fault(.deadline(policy.loadDeadline)), lane: nil) }
            case .ending(let since):
                if now - since >= policy.endDeadline { kill(id, .fault(.deadline(policy.endDeadline)), lane: nil) }
            case .ready:
                for lane in workers[id].lanes.indices {
                    guard let limit = deadline(id, lane), now - workers[id].lanes[lane].since >= limit else { continue }
                    kill(id, .fault(.deadline(limit)), lane: lane)
                    break
                }
            }
        }
    }

    /// How long the request at work on a lane may take without progress.
    private func deadline(_ id: WorkerID, _ lane: Int) -> Duration? {
        let state = workers[id].lanes[lane]
        guard let request = state.requests.first, !state.isAsking else { return nil }
        guard case .unit(let unit) = request.kind, let job = jobs[unit.job] else { return policy.loadDeadline }
        switch job.work {
        case .create, .describe: return policy.loadDeadline
        case .score, .session: return instances[job.instance]?.rowDeadline
        }
    }

    /// Kills a worker; the rest happens when it is dead.
    mutating func kill(_ id: WorkerID, _ cause: Death.Cause, lane: Int?) {
        switch workers[id].state {
        case .absent, .killed: return
        case .starting, .ready, .ending: break
        }
        workers[id].state = .killed(cause, lane: lane)
        act(.kill(id))
    }
}
