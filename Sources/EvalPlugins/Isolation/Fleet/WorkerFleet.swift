// The workers of one library as a value: what happens goes in, what is to be done comes out. No process, no clock.
//
// Rows wait in units. A unit goes to a lane (a scoring thread) of a worker; what a worker leaves behind when it ends is
// put back, and one row at most is blamed. The files beside this one: feeding, blame, retirement.

/// The state of a library's workers, and of the rows that wait for them.
struct WorkerFleet {
    typealias WorkerID = Int
    typealias InstanceID = Int
    typealias JobID = Int

    /// What is decided about a fleet.
    struct Policy {
        /// The most workers at a time.
        var workers = 2
        /// Scoring threads of a worker.
        var lanes = 1
        /// Requests that a lane has at once, those that wait behind the first included.
        var depth = 4
        /// Rows after which a worker is replaced.
        var rowsPerWorker = 100_000
        /// Faults one after another after which rows from later in the source are tried.
        var faultsBeforeProbes = 5
        /// How many of those.
        var probes = 5
        /// Starts that fail, one after another, before rows are given up.
        var startAttempts = 3
        /// How long a worker may take to start, and to make or destroy an instance.
        var loadDeadline = Duration.seconds(10)
        /// How long a worker that was asked to end may take.
        var endDeadline = Duration.seconds(2)
    }

    /// What a job is about.
    enum Work: Equatable {
        case create
        case score
        case session
        /// What the library says of itself.
        case describe
    }

    /// Rows of one job that travel together.
    struct Unit: Equatable {
        var job: JobID
        var rows: Range<Int>
        /// Whether it needs a fresh worker for itself.
        var isAlone = false
        /// Whether it shows if an instance that failed often can do anything at all.
        var isProbe = false
        /// How often a worker ended without a row of it being at work.
        var strandings = 0
    }

    struct Job {
        let instance: InstanceID
        let work: Work
        var remaining: Int
    }

    struct Instance {
        var rowDeadline: Duration
        /// Rows that failed one after another.
        var faults = 0
        var standing = Standing.good
        /// How often making it failed where it had been made before.
        var createFailures = 0

        enum Standing: Equatable {
            case good
            /// Held back until one of the probes succeeds.
            case doubtful(probesOut: Int, probesFailed: Int)
            case retired
            case broken(PluginFault)
        }
    }

    /// What a lane was given.
    struct Request: Equatable {
        enum Kind: Equatable {
            case unit(Unit)
            /// An instance that rows need.
            case create(InstanceID)
            case quit
        }
        let slot: Int
        let kind: Kind
    }

    struct Lane {
        /// What it was given, the one at work first.
        var requests: [Request] = []
        var sent = 0
        var instances: Set<InstanceID> = []
        /// When the row at work began, as far as is known.
        var since = Duration.zero
        /// How far the request at work is.
        var mark: UInt64 = 0
        /// Whether the host itself is at work for it.
        var isAsking = false

        /// How many units it was given.
        var units: Int { requests.count { if case .unit = $0.kind { true } else { false } } }
    }

    struct Worker {
        enum State: Equatable {
            case absent
            case starting(since: Duration)
            case ready
            /// Asked to end.
            case ending(since: Duration)
            /// Killed by us, for a reason of which the row of a lane is guilty, or nobody's.
            case killed(Death.Cause, lane: Int?)
        }
        var state = State.absent
        var lanes: [Lane]
        var rowsServed = 0
        /// Whether it got as far as serving.
        var hasServed = false
        /// Whether it is replaced as soon as it has nothing to do.
        var isTired = false

        var isIdle: Bool { lanes.allSatisfy(\.requests.isEmpty) }
        var isFresh: Bool { rowsServed == 0 }
    }

    /// How a worker ended, as the driver found it.
    struct Death {
        enum Cause: Equatable {
            case fault(PluginFault)
            /// Against the memory limit: any row may have used most of it.
            case memory
            /// By somebody's signal.
            case signal(Int32)
            /// A thread of the plugin's own crashed, not the one that scores.
            case otherThread(PluginFault)
            /// It never got as far as serving.
            case failedStart(String)
            /// As asked.
            case ended
        }
        var cause: Cause
        /// The lane whose thread did it, where that is known.
        var lane: Int?
        /// How far each lane's request at work is.
        var progress: [Progress] = []
    }

    /// How far a lane's request at work is.
    struct Progress: Equatable {
        var rowsDone = 0
        /// Whether a row was at work.
        var isBusy = false
        /// Grows with each step, as in ``WorkerFleet/progressed(_:lane:mark:isAsking:now:)``.
        var mark: UInt64 = 0
        /// Whether what it wrote can't be what a worker writes.
        var isCorrupt = false
    }

    /// What the driver must do.
    enum Action: Equatable {
        case spawn(WorkerID)
        case send(WorkerID, lane: Int, Request)
        /// Take the answers to the first `count` rows of a unit.
        case accept(WorkerID, lane: Int, Unit, count: Int)
        case fault(JobID, row: Int, PluginFault)
        case finish(JobID)
        case kill(WorkerID)
        case warn(Warning)
    }

    /// What is nobody's row but worth a line.
    enum Warning: Equatable {
        case endedBetweenRows(Death.Cause)
        case failedWhileEnding(Death.Cause)
        case replacedAfterCrashOfOtherThread(PluginFault)
        case retired(InstanceID)
    }

    let policy: Policy
    var workers: [Worker]
    var jobs: [JobID: Job] = [:]
    var instances: [InstanceID: Instance] = [:]
    /// Rows that wait, in their order.
    var pending: [Unit] = []
    /// Rows that wait for a fresh worker of their own.
    var alone: [Unit] = []
    var failedStarts = 0
    private(set) var actions: [Action] = []

    init(_ policy: Policy) {
        self.policy = policy
        workers = (0..<max(1, policy.workers))
            .map { _ in
                Worker(lanes: Array(repeating: Lane(), count: max(1, policy.lanes)))
            }
    }

    /// What is to be done since the last time.
    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    mutating func act(_ action: Action) { actions.append(action) }

    /// Whether anything is under way that time could end.
    var isBusy: Bool {
        workers.contains { worker in
            switch worker.state {
            case .absent: false
            case .ready: !worker.isIdle
            case .starting, .ending, .killed: true
            }
        }
    }

    /// Whether workers serve that were not asked to end.
    var hasRestingWorkers: Bool { workers.contains { $0.state == .ready && $0.isIdle } }

    // What goes in: demands.

    mutating func add(_ instance: InstanceID, rowDeadline: Duration) {
        instances[instance] = Instance(rowDeadline: rowDeadline)
    }

    /// Forgets an instance; what workers have of it ends with them.
    mutating func remove(_ instance: InstanceID) { instances[instance] = nil }

    /// Takes rows.
    mutating func submit(_ job: JobID, _ work: Work, instance: InstanceID, rows: Int, now: Duration) {
        jobs[job] = Job(instance: instance, work: work, remaining: rows)
        guard rows > 0 else { return close(job) }
        let unit = Unit(job: job, rows: 0..<rows)
        switch instances[instance]?.standing {
        case .retired: fault(unit, .retired(faults: policy.faultsBeforeProbes))
        case .broken(let fault): self.fault(unit, fault)
        case .doubtful, .good, nil: pending.append(unit)
        }
        tryDoubtful()
        feed(now)
    }

    /// Ends all workers that have nothing to do; the others when they are done.
    mutating func retireWorkers(now: Duration) {
        for id in workers.indices { workers[id].isTired = true }
        feed(now)
    }

    /// Notes that a worker's memory has grown too much.
    mutating func tire(_ worker: WorkerID, now: Duration) {
        workers[worker].isTired = true
        feed(now)
    }

    // Rows that are settled.

    /// Counts rows of a job as settled; ends the job with the last.
    mutating func settle(_ job: JobID, _ count: Int) {
        guard count > 0 else { return }
        jobs[job]?.remaining -= count
        if let remaining = jobs[job]?.remaining, remaining <= 0 { close(job) }
    }

    private mutating func close(_ job: JobID) {
        jobs[job] = nil
        act(.finish(job))
    }

    /// Gives every row of a unit the same fault.
    mutating func fault(_ unit: Unit, _ fault: PluginFault) {
        for row in unit.rows { act(.fault(unit.job, row: row, fault)) }
        settle(unit.job, unit.rows.count)
    }

    /// Gives up all rows that wait.
    mutating func faultAll(_ fault: PluginFault) {
        let units = alone + pending
        alone = []
        pending = []
        for unit in units { self.fault(unit, fault) }
    }
}
