// The one thread that starts workers and looks after them. It never ends: workers die with the thread that started them.

internal import CEvalSandbox
internal import Foundation
internal import Synchronization

/// Runs the fleets of all libraries.
final class Supervisor: Sendable {
    static let shared = Supervisor()
    /// Whether there is one yet.
    private static let isStarted = Atomic<Bool>(false)

    /// How often it looks at workers that are at work: to meet deadlines, and to see what no descriptor tells.
    static let pace = Duration.milliseconds(20)

    private final class Mailbox: Sendable {
        let jobs = Mutex<[@Sendable () -> Void]>([])

        func take() -> [@Sendable () -> Void] {
            jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
        }
    }
    private let mailbox = Mailbox()
    private let wakeUp: Int32
    private let loop: SupervisorLoop

    private init() {
        let wakeUp = ceval_eventfd()
        guard wakeUp >= 0 else { preconditionFailure("no eventfd: \(String(cString: strerror(-wakeUp)))") }
        self.wakeUp = wakeUp
        Self.isStarted.store(true, ordering: .releasing)
        let loop = SupervisorLoop(wakeUp: wakeUp)
        self.loop = loop
        let mailbox = mailbox
        let thread = Thread { loop.run(mailbox.take) }
        thread.name = "evalhost-workers"
        thread.stackSize = 1 << 20
        thread.start()
    }

    /// Runs a job on the thread, soon.
    func perform(_ job: @escaping @Sendable () -> Void) {
        let isFirst = mailbox.jobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        guard isFirst else { return }
        var one: UInt64 = 1
        _ = write(wakeUp, &one, 8)
    }

    /// Runs a job on the thread that needs a fleet: it is looked after from now on, until it is closed and its last
    /// worker is gone.
    func perform(on fleet: FleetDriver, _ job: @escaping @Sendable (FleetDriver) -> Void) {
        perform { [loop] in
            if !loop.fleets.contains(where: { $0 === fleet }) { loop.fleets.append(fleet) }
            job(fleet)
        }
    }

    /// Asks the workers of a fleet, or of all fleets, to end, and waits until they have, or are killed.
    static func end(_ fleet: FleetDriver? = nil) async {
        guard isStarted.load(ordering: .acquiring) else { return }
        await withCheckedContinuation { continuation in
            shared.perform { [loop = shared.loop] in
                let fleets = fleet.map { [$0] } ?? loop.fleets
                for fleet in fleets { fleet.close() }
                loop.waiting.append((fleets, { continuation.resume() }))
            }
        }
    }
}

/// What the thread does; touched by nobody else.
private final class SupervisorLoop: @unchecked Sendable {
    var fleets: [FleetDriver] = []
    /// Who waits for the end of which fleets; a fleet that is used again isn't waited for.
    var waiting: [(fleets: [FleetDriver], action: () -> Void)] = []
    private let wakeUp: Int32

    init(wakeUp: Int32) { self.wakeUp = wakeUp }

    func run(_ jobs: () -> [@Sendable () -> Void]) -> Never {
        var lastTick = ContinuousClock.now
        while true {
            for job in jobs() { job() }
            fleets.removeAll { $0.isOver }
            waiting.removeAll { waiter in
                guard waiter.fleets.allSatisfy({ $0.isOver || !$0.isClosed }) else { return false }
                waiter.action()
                return true
            }
            wait()
            let now = ContinuousClock.now
            if now - lastTick >= Supervisor.pace {
                lastTick = now
                for fleet in fleets { fleet.tick() }
            }
        }
    }

    /// Waits for news, and passes them on.
    private func wait() {
        var polled = [pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)]
        var owners: [(FleetDriver, FleetDriver.Source)] = []
        for fleet in fleets {
            for (descriptor, source) in fleet.sources {
                polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
                owners.append((fleet, source))
            }
        }
        let isBusy = fleets.contains { $0.isBusy }
        let milliseconds = isBusy ? Int32(Supervisor.pace / .milliseconds(1)) : -1
        guard poll(&polled, UInt(polled.count), milliseconds) > 0 else { return }
        if polled[0].revents != 0 { drainEventfd(wakeUp) }
        for (index, (fleet, source)) in owners.enumerated() where polled[index + 1].revents != 0 {
            fleet.handle(source)
        }
    }
}

/// Takes the count out of an eventfd.
func drainEventfd(_ descriptor: Int32) {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
}
