// Which process is asked what, who is to blame when one dies, and when the next one starts: the decisions about
// `--predict-command` as a value. It knows no process, no byte and no clock: moments are durations since a beginning.

internal import EvalCore

/// The processes of a command as seen from their requests.
///
/// Events come in by methods; what follows is collected and taken with ``takeActions()``. A row costs itself only:
///
/// - The one request in a process that died is to blame. If there were several nobody knows which: they may all be
///   tried again, each alone in a process then.
/// - Of requests without an answer in time the oldest is to blame; the others may have waited behind it.
/// - What a process did not read, or left without an answer when it ended by itself, is asked of another one.
struct CommandPool {
    /// Requests that wait for a process, the oldest first.
    private(set) var queue: RequestQueue
    /// Requests that were in a process with others when it died: each is asked alone.
    private(set) var suspects: RequestQueue
    private(set) var children: [PooledChild] = []

    private let bounds: CommandBounds
    private var actions: [CommandAction] = []
    private var nextChild = 1
    private var isClosed = false
    /// The identifiers of suspects that have not come back yet.
    private var suspected: Set<PublicID> = []
    /// How many processes in a row ended without any answer.
    private var fruitlessDeaths = 0
    /// When the next process may start.
    private var pausedUntil: Duration?
    /// Why the command is not started again.
    private var givenUp: CommandFault?

    init(bounds: CommandBounds) {
        self.bounds = bounds
        queue = RequestQueue()
        suspects = RequestQueue()
    }

    /// What is to be done since the last call, in this order.
    mutating func takeActions() -> [CommandAction] {
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// The next moment at which ``tick(now:)`` has something to do by itself.
    var nextMoment: Duration? {
        var next: Duration?
        for child in children {
            if let deadline = child.asked.first?.deadline { next = min(next ?? deadline, deadline) }
        }
        if let pausedUntil, !(queue.isEmpty && suspects.isEmpty) { next = min(next ?? pausedUntil, pausedUntil) }
        return next
    }

    // MARK: Requests

    /// Takes a request.
    mutating func ask(_ ticket: CommandTicket, id: PublicID) {
        let request = PooledRequest(ticket: ticket, id: id)
        if isClosed {
            actions.append(.finish(ticket, .closed))
        } else if let givenUp {
            actions.append(.finish(ticket, givenUp))
        } else if suspected.remove(id) != nil {
            suspects.append(request)
        } else {
            queue.append(request)
        }
    }

    /// Forgets who asked; the process that has the request keeps it until it answers or its time is over.
    mutating func cancel(_ ticket: CommandTicket) {
        queue.remove(ticket)
        suspects.remove(ticket)
        for index in children.indices {
            for place in children[index].asked.indices where children[index].asked[place].ticket == ticket {
                children[index].asked[place].isAbandoned = true
            }
        }
    }

    /// Gives waiting requests to processes, and starts processes for them.
    ///
    /// It is called after all that was read has been told, so that a second answer to one request is seen before the
    /// next request is sent.
    mutating func assign(now: Duration) {
        guard !isClosed, givenUp == nil else { return }
        while !suspects.isEmpty, let index = placeForSuspect(now: now) {
            children[index].isReserved = true
            guard children[index].asked.isEmpty, let request = suspects.popFirst() else { break }
            send(request, to: index, now: now)
        }
        if suspects.isEmpty {
            for index in children.indices where children[index].asked.allSatisfy({ !$0.isSuspect }) {
                children[index].isReserved = false
            }
        }
        while !queue.isEmpty, let index = place(now: now), let request = queue.popFirst() {
            send(request, to: index, now: now)
        }
    }

    private mutating func send(_ request: PooledRequest, to index: Int, now: Duration) {
        var request = request
        request.deadline = now + bounds.timeout
        request.isSuspect = children[index].isReserved
        children[index].asked.append(request)
        actions.append(.send(request.ticket, to: children[index].number))
    }

    /// An empty process, else a new one, else the one with the most room.
    private mutating func place(now: Duration) -> Int? {
        var best: Int?
        for (index, child) in children.enumerated() where child.takesRequests && !child.isReserved {
            if child.asked.isEmpty { return index }
            guard child.asked.count < bounds.inFlight else { continue }
            if best.map({ child.asked.count < children[$0].asked.count }) ?? true { best = index }
        }
        return start(now: now) ?? best
    }

    /// The process that suspects are asked in, one after another; it must be empty before it gets one.
    private mutating func placeForSuspect(now: Duration) -> Int? {
        if let reserved = children.firstIndex(where: { $0.isReserved && $0.takesRequests }) { return reserved }
        if let empty = children.firstIndex(where: { $0.takesRequests && $0.asked.isEmpty }) { return empty }
        if let new = start(now: now) { return new }
        return children.indices.filter { children[$0].takesRequests }
            .min { children[$0].asked.count < children[$1].asked.count }
    }

    private mutating func start(now: Duration) -> Int? {
        guard children.count < bounds.processes, pausedUntil.map({ $0 <= now }) ?? true else { return nil }
        children.append(PooledChild(number: nextChild))
        actions.append(.start(nextChild))
        nextChild += 1
        return children.count - 1
    }

    private func index(of number: Int) -> Int? { children.firstIndex { $0.number == number } }

    // MARK: What processes say

    /// Takes an answer.
    ///
    /// - Returns: The request that it belongs to, if it belongs to one that somebody still waits for.
    mutating func answer(from number: Int, id: AnswerID) -> CommandTicket? {
        guard let index = index(of: number), !children[index].isLost else { return nil }
        let place: Int?
        switch id {
        case .some(let id):
            place = children[index].asked.firstIndex { $0.id == id }
            if place == nil { actions.append(.note(.unknownID)) }
        case .unreadable:
            place = nil
            actions.append(.note(.unknownID))
        case .none where children[index].asked.isEmpty:
            place = nil
            actions.append(.note(.surplusAnswer))
        case .none where children[index].isConfused:
            lose(index, .unattributable)
            return nil
        case .none:
            place = 0
        }
        guard let place else {
            children[index].isConfused = true
            return nil
        }
        let request = children[index].asked.remove(at: place)
        children[index].answers += 1
        fruitlessDeaths = 0
        pausedUntil = nil
        endIfDeafAndEmpty(index)
        return request.isAbandoned ? nil : request.ticket
    }

    /// Takes a line that is no answer: it fails the oldest request.
    mutating func nonsense(from number: Int) {
        guard let index = index(of: number), !children[index].isLost else { return }
        children[index].isConfused = true
        if children[index].asked.isEmpty {
            actions.append(.note(.nonsense))
        } else {
            finish(children[index].asked.removeFirst(), .nonsense)
            endIfDeafAndEmpty(index)
        }
    }

    /// Takes a line that is longer than one may be: it has no end that could be waited for.
    mutating func endlessLine(from number: Int) {
        guard let index = index(of: number), !children[index].isLost else { return }
        if !children[index].asked.isEmpty { finish(children[index].asked.removeFirst(), .endlessLine) }
        lose(index, .neighbour(.endlessLine))
    }

    /// The process reads no more; `unread` are requests that it has not read.
    mutating func inputClosed(of number: Int, unread: [CommandTicket]) {
        guard let index = index(of: number), !children[index].isDeaf else { return }
        children[index].isDeaf = true
        guard !children[index].isLost else { return }
        askAgain(children[index].take(unread))
        endIfDeafAndEmpty(index)
    }

    /// The process will answer no more.
    mutating func outputClosed(by number: Int) {
        guard let index = index(of: number) else { return }
        children[index].closedOutput = true
        guard children[index].stop == nil else { return }
        stop(index, .leave)
    }

    /// The process is gone, and all that it said has been told; `unread` are requests that it has not read.
    mutating func exited(_ number: Int, _ ending: CommandEnding, unread: [CommandTicket], now: Duration) {
        guard let index = index(of: number) else { return }
        var child = children.remove(at: index)
        askAgain(child.take(unread))
        let death = CommandDeath(ending, of: child)
        if child.answers > 0, ending == .exited(0), child.asked.allSatisfy({ $0.returns < Self.mostReturns }) {
            askAgain(child.asked.map(\.returned))
        } else if child.asked.count == 1 {
            finish(child.asked[0], .died(death))
        } else {
            for request in child.asked {
                if suspected.count < Self.mostSuspects { suspected.insert(request.id) }
                finish(request, .neighbour(.died(death)))
            }
        }
        guard child.answers == 0, !child.wasHung, !isClosed else { return }
        fruitlessDeaths += 1
        if fruitlessDeaths >= bounds.deathsInARow { return giveUp(.givenUp(deaths: fruitlessDeaths, death)) }
        // The first one starts again at once; then 100 ms, doubled with each, up to 5 s.
        if fruitlessDeaths > 1 {
            let pause = bounds.firstPause * (1 << min(fruitlessDeaths - 2, 16))
            pausedUntil = now + min(pause, bounds.longestPause)
        }
    }

    private mutating func giveUp(_ fault: CommandFault) {
        givenUp = fault
        while let request = queue.popFirst() { finish(request, fault) }
        while let request = suspects.popFirst() { finish(request, fault) }
    }

    /// How many suspects are remembered until they come back.
    private static let mostSuspects = 4096
    /// How often a request may be left by a process that ends by itself.
    private static let mostReturns = 2

    // MARK: Time

    /// Ends what has had its time.
    mutating func tick(now: Duration) {
        if let pause = pausedUntil, pause <= now { pausedUntil = nil }
        for index in children.indices.reversed() {
            guard let first = children[index].asked.first?.deadline, first <= now else { continue }
            let late = children[index].asked.prefix { $0.deadline <= now }
            children[index].asked.removeFirst(late.count)
            for (place, request) in late.enumerated() {
                finish(request, .noAnswer(bounds.timeout, isOldest: place == 0))
            }
            children[index].wasHung = true
            lose(index, .neighbour(.noAnswer(bounds.timeout, isOldest: true)))
        }
    }

    /// Ends everything: what waits fails, processes get the end of their input and some time.
    mutating func close() {
        guard !isClosed else { return }
        isClosed = true
        giveUp(.closed)
        for index in children.indices {
            for request in children[index].asked { finish(request, .closed) }
            children[index].asked = []
            children[index].isLost = true
            stop(index, .close)
        }
    }

    // MARK: Endings

    private mutating func finish(_ request: PooledRequest, _ fault: CommandFault) {
        if !request.isAbandoned { actions.append(.finish(request.ticket, fault)) }
    }

    private mutating func askAgain(_ requests: [PooledRequest]) {
        for request in requests.reversed() where !request.isAbandoned {
            if let givenUp {
                finish(request, givenUp)
            } else if request.isSuspect {
                suspects.prepend(request)
            } else {
                queue.prepend(request)
            }
        }
    }

    /// Kills a process; the requests that are still in it fail with `fault`, and nothing that it says counts any more.
    private mutating func lose(_ index: Int, _ fault: CommandFault) {
        for request in children[index].asked { finish(request, fault) }
        children[index].asked = []
        children[index].isLost = true
        stop(index, .kill)
    }

    private mutating func endIfDeafAndEmpty(_ index: Int) {
        if children[index].isDeaf, children[index].asked.isEmpty, children[index].stop == nil { stop(index, .leave) }
    }

    private mutating func stop(_ index: Int, _ stop: CommandStop) {
        if children[index].stop == .kill { return }
        children[index].stop = stop
        actions.append(.stop(children[index].number, stop))
    }
}
