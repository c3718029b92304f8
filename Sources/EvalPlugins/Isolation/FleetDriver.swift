// Does what the fleet decides: starts processes, fills slots, reads answers. Touched on the supervisor's thread only.

internal import CEvalSandbox
internal import CEvalTransport
internal import EvalCore
internal import Foundation

/// The workers of one library.
///
/// Everything but the demands in `WorkerLibrary` runs on the supervisor's thread.
final class FleetDriver: @unchecked Sendable {
    /// A descriptor that has news.
    struct Source {
        enum Kind {
            case answers
            case process
            case control
            case output(Int)
        }
        let worker: WorkerFleet.WorkerID
        let kind: Kind
    }

    struct Place: Hashable {
        let worker: WorkerFleet.WorkerID
        let lane: Int
    }

    struct Recipe {
        let scorer: Int
        /// The settings as one row.
        let settings: RowBuffer
    }

    /// What came of a job.
    struct Result: Sendable {
        /// Answers to rows, in any order: those of some rows from the first on.
        var answers: [(first: Int, Answers)] = []
        var faults: [(row: Int, PluginFault)] = []
        /// What the judge answered instead of a reply, by row.
        var judgeErrors: [Int: ScorerError] = [:]
        /// Why a library can't be loaded, where its worker could say so.
        var refusal: Diagnostic?
    }

    private struct Job {
        let rows: RowBuffer
        let work: WorkerFleet.Work
        let instance: WorkerFleet.InstanceID
        var result = Result()
        let finish: (Result) -> Void
    }

    var fleet: WorkerFleet
    let launch: WorkerLaunch
    let listener: PluginListener
    let judge: (any JudgeClient)?
    private var processes: [WorkerFleet.WorkerID: WorkerProcess] = [:]
    private var jobs: [WorkerFleet.JobID: Job] = [:]
    private var recipes: [WorkerFleet.InstanceID: Recipe] = [:]
    private var answers: [Place: Answers] = [:]
    private var nextJob = 0
    private(set) var isClosed = false
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var looks = 0
    /// What the last worker that couldn't load the library said.
    private var refusal: Diagnostic?

    init(_ launch: WorkerLaunch, policy: WorkerFleet.Policy, judge: (any JudgeClient)?, listener: PluginListener) {
        self.launch = launch
        self.judge = judge
        self.listener = listener
        fleet = WorkerFleet(policy)
        start = clock.now
    }

    private var now: Duration { clock.now - start }
    var isBusy: Bool { fleet.isBusy }
    /// What its workers use now.
    var uses: [WorkerUse] { processes.values.compactMap(\.use) }
    var isOver: Bool { isClosed && processes.isEmpty && jobs.isEmpty }

    // Demands.

    func add(_ instance: WorkerFleet.InstanceID, _ recipe: Recipe, rowDeadline: Duration) {
        recipes[instance] = recipe
        fleet.add(instance, rowDeadline: rowDeadline)
    }

    func remove(_ instance: WorkerFleet.InstanceID) {
        recipes[instance] = nil
        fleet.remove(instance)
    }

    func submit(
        _ work: WorkerFleet.Work,
        instance: WorkerFleet.InstanceID,
        rows: RowBuffer,
        count: Int,
        finish: @escaping (Result) -> Void
    ) {
        nextJob += 1
        isClosed = false
        jobs[nextJob] = Job(rows: rows, work: work, instance: instance, finish: finish)
        fleet.submit(nextJob, work, instance: instance, rows: count, now: now)
        act()
    }

    /// Ends the workers; they are given a moment to destroy their instances.
    func close() {
        isClosed = true
        fleet.retireWorkers(now: now)
        act()
    }

    // What the fleet decides.

    private func act() {
        while true {
            let actions = fleet.takeActions()
            if actions.isEmpty {
                // The last job of a fleet that was closed meanwhile has ended.
                guard isClosed, jobs.isEmpty, fleet.hasRestingWorkers else { return }
                fleet.retireWorkers(now: now)
                continue
            }
            for action in actions { act(action) }
        }
    }

    private func act(_ action: WorkerFleet.Action) {
        switch action {
        case .spawn(let id):
            do throws(WorkerStartError) {
                processes[id] = try WorkerProcess(launch)
            } catch {
                fleet.died(id, .init(cause: .failedStart(error.words)), now: now)
            }
        case .send(let id, let lane, let request): send(request, to: id, lane: lane)
        case .accept(let id, let lane, let unit, _):
            guard let taken = answers.removeValue(forKey: Place(worker: id, lane: lane)) else { return }
            jobs[unit.job]?.result.answers.append((unit.rows.lowerBound, taken))
        case .fault(let job, let row, let fault): jobs[job]?.result.faults.append((row, fault))
        case .finish(let id):
            guard var job = jobs.removeValue(forKey: id) else { return }
            job.result.refusal = refusal
            job.finish(job.result)
        case .kill(let id): processes[id]?.kill()
        case .warn(let warning): listener.warn(warning)
        }
    }

    private func send(_ request: WorkerFleet.Request, to id: WorkerFleet.WorkerID, lane: Int) {
        guard let process = processes[id] else { return }
        switch request.kind {
        case .quit: process.request(CEVAL_REQUEST_QUIT, in: request.slot)
        case .create(let instance): create(instance, process, request.slot)
        case .unit(let unit):
            guard let job = jobs[unit.job] else { return }
            switch job.work {
            case .describe: process.request(CEVAL_REQUEST_DESCRIBE, in: request.slot)
            case .create: create(job.instance, process, request.slot)
            case .session:
                process.request(
                    CEVAL_REQUEST_SESSION,
                    in: request.slot,
                    instance: job.instance,
                    rows: job.rows.slice(0..<job.rows.count),
                    count: job.rows.count
                )
            case .score:
                process.request(
                    CEVAL_REQUEST_SCORE,
                    in: request.slot,
                    instance: job.instance,
                    rows: job.rows.slice(unit.rows),
                    count: unit.rows.count,
                    isGuarded: unit.isAlone
                )
            }
        }
    }

    private func create(_ instance: WorkerFleet.InstanceID, _ process: WorkerProcess, _ slot: Int) {
        guard let recipe = recipes[instance] else { return }
        process.request(
            CEVAL_REQUEST_CREATE,
            in: slot,
            instance: instance,
            scorer: recipe.scorer,
            rows: recipe.settings.slice(0..<1),
            count: 1
        )
    }

    // What workers do.

    /// The descriptors to wait for.
    var sources: [(Int32, Source)] {
        processes.flatMap { id, process in
            [
                (process.wakeUp, Source(worker: id, kind: .answers)),
                (process.pidfd, Source(worker: id, kind: .process)),
                (process.control, Source(worker: id, kind: .control)),
                (process.output[0], Source(worker: id, kind: .output(0))),
                (process.output[1], Source(worker: id, kind: .output(1))),
            ]
            .filter { !process.ended.contains($0.0) }
        }
    }

    func handle(_ source: Source) {
        guard let process = processes[source.worker] else { return }
        switch source.kind {
        case .answers:
            drainEventfd(process.wakeUp)
            look(source.worker, process)
        case .process: lookAtLife(source.worker, process)
        case .control, .output: listener.read(source.kind, of: process)
        }
    }

    /// Looks at what no descriptor tells: deadlines, stops, and news of workers that can't tell them any more.
    func tick() {
        for (id, process) in processes {
            look(id, process)
            lookAtLife(id, process)
        }
        looks += 1
        if looks % 50 == 0 {
            for (id, process) in processes where process.hasGrown { fleet.tire(id, now: now) }
        }
        fleet.tick(now: now)
        act()
    }

    private func look(_ id: WorkerFleet.WorkerID, _ process: WorkerProcess) {
        if case .starting = fleet.workers[id].state {
            guard process.phase == CEVAL_PHASE_READY else { return }
            fleet.started(id, now: now)
            act()
        }
        for lane in fleet.workers[id].lanes.indices {
            while let request = fleet.workers[id].lanes[lane].requests.first {
                let state = process.state(of: request.slot)
                if state.isDone {
                    completed(request, state, id, lane, process)
                    if case .killed = fleet.workers[id].state { return }
                    continue
                }
                let isAsking = judgeAsks(request, id, lane, process)
                fleet.progressed(id, lane: lane, mark: state.mark, isAsking: isAsking, now: now)
                break
            }
        }
    }

    private func completed(
        _ request: WorkerFleet.Request,
        _ state: SlotResults.State,
        _ id: WorkerFleet.WorkerID,
        _ lane: Int,
        _ process: WorkerProcess
    ) {
        let place = Place(worker: id, lane: lane)
        var isCorrupt = !state.isWhole || !process.isWhole
        var rowsDone = 1
        var refusal: String?
        switch request.kind {
        case .quit: break
        case .create:
            guard let made = process.answers(in: request.slot, count: 1) else {
                isCorrupt = true
                break
            }
            refusal = made.withSheet(0) { CreateAnswer($0).refusal } ?? nil
        case .unit(let unit):
            switch jobs[unit.job]?.work {
            case .describe: answers[place] = Answers(raw: process.results(request.slot).bytes(0..<state.bytes))
            case .score:
                rowsDone = state.rowsDone
                let isPlausible =
                    state.ended == CEVAL_ENDED_ALL
                    ? rowsDone == unit.rows.count : rowsDone > 0 && rowsDone < unit.rows.count
                answers[place] = isPlausible ? process.answers(in: request.slot, count: rowsDone) : nil
                isCorrupt = isCorrupt || answers[place] == nil
            case .create, .session, nil:
                answers[place] = process.answers(in: request.slot, count: 1)
                isCorrupt = isCorrupt || answers[place] == nil
            }
        }
        fleet.completed(id, lane: lane, rowsDone: rowsDone, isCorrupt: isCorrupt, refusal: refusal, now: now)
        act()
    }

    private func lookAtLife(_ id: WorkerFleet.WorkerID, _ process: WorkerProcess) {
        var value: Int32 = 0
        switch ceval_look(process.pid, &value) {
        case CEVAL_CHILD_SAME: break
        case CEVAL_CHILD_STOPPED:
            look(id, process)
            fleet.kill(id, .fault(.stopped(signal: value)), lane: nil)
            act()
        case CEVAL_CHILD_EXITED: died(id, process, status: value, signal: nil)
        default: died(id, process, status: nil, signal: value)
        }
    }

    private func died(_ id: WorkerFleet.WorkerID, _ process: WorkerProcess, status: Int32?, signal: Int32?) {
        // What it had answered before its end counts.
        look(id, process)
        for kind in [Source.Kind.control, .output(0), .output(1)] { listener.read(kind, of: process) }
        let worker = fleet.workers[id]
        let obituary = Obituary(process, launch.library)
        var death = obituary.death(status: status, signal: signal)
        refusal = obituary.refusal()
        if case .ending = worker.state, status == 0 { death.cause = .ended }
        for (lane, state) in worker.lanes.enumerated() {
            death.progress.append(progress(of: state.requests.first, Place(worker: id, lane: lane), process))
        }
        processes[id] = nil
        fleet.died(id, death, now: now)
        act()
        answers = answers.filter { $0.key.worker != id }
    }

    /// How far the request of a dead worker's lane was.
    private func progress(
        of request: WorkerFleet.Request?,
        _ place: Place,
        _ process: WorkerProcess
    ) -> WorkerFleet.Progress {
        guard let request else { return .init() }
        let state = process.state(of: request.slot)
        var progress = WorkerFleet.Progress(isBusy: state.isBusy, mark: state.mark)
        guard case .unit(let unit) = request.kind, jobs[unit.job]?.work == .score else { return progress }
        progress.rowsDone = state.rowsDone
        progress.isCorrupt = !process.isWhole || state.isCorrupt(rows: unit.rows.count)
        if !progress.isCorrupt, state.rowsDone > 0 {
            answers[place] = process.answers(in: request.slot, count: state.rowsDone)
            progress.isCorrupt = answers[place] == nil
        }
        return progress
    }

    // The judge.

    /// Whether the host is at work for a lane.
    private func judgeAsks(
        _ request: WorkerFleet.Request,
        _ id: WorkerFleet.WorkerID,
        _ lane: Int,
        _ process: WorkerProcess
    ) -> Bool {
        // One question at a time: a thread that counts on without waiting would have the host keep all of them.
        if process.isAsking(request.slot) { return true }
        let asked = process.askSequence(of: request.slot)
        if asked == process.askSequences[request.slot] { return false }
        process.askSequences[request.slot] = asked
        guard let judge, var question = process.results(request.slot).question() else {
            let error = ScorerError(code: "judge_question", message: "its question to the judge can't be read")
            process.reply(.failure(error), in: request.slot)
            return false
        }
        let slot = request.slot
        var row: (job: Int, index: Int)?
        if case .unit(let unit) = request.kind {
            let current = Int(process.state(of: slot).current)
            let index = unit.rows.lowerBound + max(0, min(current, unit.rows.count) - 1)
            row = (unit.job, index)
            question.repetition = jobs[unit.job]?.rows.repetition(of: index) ?? 0
        }
        let supervisor = Supervisor.shared
        Task { [row, question] in
            let reply: Swift.Result<JudgeAnswer, ScorerError>
            do throws(ScorerError) {
                reply = .success(try await judge.ask(question))
            } catch {
                reply = .failure(error)
            }
            supervisor.perform { [weak self] in
                // Another worker may stand in this one's place by now.
                guard let self, let current = processes[id], current === process else { return }
                if let row, case .failure(let error) = reply { jobs[row.job]?.result.judgeErrors[row.index] = error }
                current.reply(reply, in: slot)
                fleet.progressed(id, lane: lane, mark: .max, isAsking: false, now: now)
            }
        }
        return true
    }
}
