// The shell around the pool: one thread that writes to and reads from all processes of a command, and sleeps between.
// It decides nothing, and no thread of Swift's pool ever waits for a pipe.

internal import EvalCore
internal import EvalJSON
internal import Foundation
internal import SystemPackage

/// The loop's thread and all that belongs to it.
final class CommandLoop {
    /// A process with our side of it.
    private struct Child {
        let number: Int
        let pipes: ChildPipes
        let stops: AsyncStream<CommandStop>.Continuation
    }

    /// Somebody who waits for an answer.
    private struct Waiter {
        let call: CommandCall
        /// The process that has the request, and when it got it: the time, and how much it had written to standard error.
        var place: (child: Int, logStart: Int, since: Duration)?
    }

    private let mailbox: CommandMailbox
    private let life: ChildLife
    private let warn: @Sendable (String) -> Void
    private let lineBytes: Int
    private var pool: CommandPool
    private var children: [Child] = []
    private var waiters: [CommandTicket: Waiter] = [:]
    private var notes: Set<CommandNote> = []
    private var parser = JSONParser()
    private var polled: [pollfd] = []
    /// The log's last line of the process that ended last, for rows that find the command given up.
    private var lastWords: String?
    private var isClosing = false
    private let beginning = ContinuousClock.now

    init(
        mailbox: CommandMailbox,
        life: ChildLife,
        bounds: CommandBounds,
        lineBytes: Int,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.mailbox = mailbox
        self.life = life
        self.warn = warn
        self.lineBytes = lineBytes
        pool = CommandPool(bounds: bounds)
    }

    private var now: Duration { beginning.duration(to: .now) }

    /// Runs until the mailbox is closed and every process is gone.
    func run() {
        while true {
            for message in mailbox.take() { receive(message) }
            pool.tick(now: now)
            // A process that turns out to read no more leaves requests for others.
            repeat { pool.assign(now: now) } while perform()
            if isClosing, children.isEmpty { break }
            sleep()
        }
        mailbox.leave()
    }

    // MARK: Messages

    private func receive(_ message: CommandMailbox.Message) {
        switch message {
        case .ask(let call):
            waiters[call.ticket] = Waiter(call: call)
            pool.ask(call.ticket, id: call.id)
        case .cancel(let ticket):
            guard let waiter = waiters.removeValue(forKey: ticket) else { return }
            pool.cancel(ticket)
            waiter.call.continuation.resume(throwing: CancellationError())
        case .exited(let number, let ending):
            bury(number, ending)
        case .close:
            isClosing = true
            pool.close()
        }
    }

    private func bury(_ number: Int, _ ending: CommandEnding) {
        if let child = child(number) {
            // What it said before it died counts. What it left behind may go on writing, so there is a bound.
            for _ in 0..<64 {
                guard child.pipes.readOutput() == .some else { break }
                readLines(of: child)
            }
            child.pipes.readError()
            if let answer = lastAnswer(of: child) { deliver(answer, from: child) }
            lastWords = child.pipes.log.lastLine ?? lastWords
        }
        pool.exited(number, ending, unread: child(number)?.pipes.unreadTickets ?? [], now: now)
        perform()
        children.removeAll { $0.number == number }
    }

    /// A last line without its newline, if it is whole: half an answer is no JSON.
    private func lastAnswer(of child: Child) -> JSON? {
        let parsed = child.pipes.lines.withRest { line in Result { () throws(JSONError) in try JSON(parsing: line) } }
        guard case .success(let json) = parsed, json.kind == .object else { return nil }
        return json
    }

    // MARK: Actions

    /// Does what the pool decided.
    ///
    /// - Returns: Whether the pool learned something by it, so that it may decide more.
    @discardableResult
    private func perform() -> Bool {
        for action in pool.takeActions() {
            switch action {
            case .start(let number): start(number)
            case .send(let ticket, let number): send(ticket, to: number)
            case .stop(let number, let stop):
                guard let child = child(number) else { continue }
                if stop == .close { child.pipes.closeInput() }
                child.stops.yield(stop)
            case .finish(let ticket, let fault):
                guard let waiter = waiters.removeValue(forKey: ticket) else { continue }
                waiter.call.continuation.resume(throwing: fault.failure(log: errorLog(of: waiter, fault)))
            case .note(let note):
                if notes.insert(note).inserted { warn(note.message) }
            }
        }
        return children.reduce(false) { flush($1) || $0 }
    }

    private func start(_ number: Int) {
        guard let (ours, theirs) = ChildPipes.make() else {
            mailbox.post(.exited(number, .notStarted(String(cString: strerror(errno)))))
            return
        }
        let (stops, continuation) = AsyncStream.makeStream(of: CommandStop.self)
        children.append(Child(number: number, pipes: ours, stops: continuation))
        Task { [life, mailbox] in mailbox.post(.exited(number, await life.run(theirs, stops: stops))) }
    }

    private func send(_ ticket: CommandTicket, to number: Int) {
        guard let child = child(number), let waiter = waiters[ticket] else { return }
        waiters[ticket]?.place = (number, child.pipes.log.position, now)
        child.pipes.enqueue(waiter.call.line, of: ticket)
    }

    /// Writes what waits, unless the pipe is known to be broken.
    ///
    /// - Returns: Whether the process turned out to read no more.
    @discardableResult
    private func flush(_ child: Child, isBroken: Bool = false) -> Bool {
        guard child.pipes.input >= 0, isBroken || !child.pipes.flush() else { return false }
        pool.inputClosed(of: child.number, unread: child.pipes.unreadTickets)
        child.pipes.closeInput()
        return true
    }

    private func child(_ number: Int) -> Child? { children.first { $0.number == number } }

    /// The end of what the process wrote since it got the request; of all that it wrote, if it died.
    private func errorLog(of waiter: Waiter, _ fault: CommandFault) -> String? {
        guard let place = waiter.place, let child = child(place.child) else {
            if case .givenUp = fault { return lastWords }
            return nil
        }
        switch fault {
        case .died, .givenUp:
            // A process that was given up before it said anything follows others that did.
            return child.pipes.log.text(since: 0, limit: ErrorLog.errorBytes) ?? lastWords
        default: return child.pipes.log.text(since: place.logStart, limit: ErrorLog.errorBytes)
        }
    }

    // MARK: Reading

    private func sleep() {
        polled.removeAll(keepingCapacity: true)
        polled.append(pollfd(fd: mailbox.bell.rawValue, events: Int16(POLLIN), revents: 0))
        for pipes in children.map(\.pipes) {
            let writes = pipes.hasUnwritten ? Int16(POLLOUT) : 0
            polled.append(pollfd(fd: pipes.input, events: writes, revents: 0))
            polled.append(pollfd(fd: pipes.output, events: Int16(POLLIN), revents: 0))
            polled.append(pollfd(fd: pipes.error, events: Int16(POLLIN), revents: 0))
        }
        var pause: Int32 = -1
        if let next = pool.nextMoment {
            pause = Int32(clamping: Int64(((next - now) / .milliseconds(1)).rounded(.up)))
            pause = max(0, pause)
        }
        if !mailbox.fallAsleep() { pause = 0 }
        let count = poll(&polled, UInt(polled.count), pause)
        mailbox.awake(isRinging: polled[0].revents != 0)
        guard count > 0 else { return }
        for (index, child) in children.enumerated() {
            let (input, output, error) = (polled[3 * index + 1], polled[3 * index + 2], polled[3 * index + 3])
            if output.revents != 0 {
                read(child)
            } else if error.revents != 0 {
                child.pipes.readError()
            }
            if input.revents != 0 { flush(child, isBroken: input.revents & Int16(POLLERR) != 0) }
        }
    }

    private func read(_ child: Child) {
        switch child.pipes.readOutput() {
        case .some:
            // What it wrote to standard error before these lines is in the pipe now.
            child.pipes.readError()
            readLines(of: child)
        case .ended:
            child.pipes.closeOutput()
            pool.outputClosed(by: child.number)
        case .nothingYet: break
        }
    }

    private func readLines(of child: Child) {
        while let line = nextLine(of: child) {
            switch line {
            case .success(let json): deliver(json, from: child)
            case .failure: pool.nonsense(from: child.number)
            }
        }
        if child.pipes.lines.pending > lineBytes {
            child.pipes.lines.clear()
            pool.endlessLine(from: child.number)
        }
    }

    /// The next whole line that isn't empty, as an object.
    private func nextLine(of child: Child) -> Result<JSON, JSONError>? {
        while true {
            let result = child.pipes.lines.withNextLine { line -> Result<JSON, JSONError>? in
                if line.allSatisfy({ $0 <= 0x20 }) { return nil }
                do throws(JSONError) {
                    let json = try parser.parse(padded: line)
                    return json.kind == .object ? .success(json) : .failure(JSONError("no object"))
                } catch {
                    return .failure(error)
                }
            }
            guard let result else { return nil }
            if let result { return result }
        }
    }

    private func deliver(_ json: JSON, from child: Child) {
        guard let ticket = pool.answer(from: child.number, id: AnswerID(json[key: "id"])),
            let waiter = waiters.removeValue(forKey: ticket)
        else { return }
        let log = child.pipes.log.text(since: waiter.place?.logStart ?? 0, limit: ErrorLog.rowBytes)
        switch AnswerReader.read(json) {
        case .success(var prediction):
            prediction.log = log
            prediction.elapsed = waiter.place.map { now - $0.since }
            waiter.call.continuation.resume(returning: prediction)
        case .failure(var failure):
            failure.log = log.map { String(decoding: $0.utf8.suffix(ErrorLog.errorBytes), as: UTF8.self) }
            waiter.call.continuation.resume(throwing: failure)
        }
    }
}

extension AnswerID {
    /// The identifier that an answer carries; null counts as none.
    init(_ json: JSON?) {
        guard let json, !json.isNull else {
            self = .none
            return
        }
        self = json.string.flatMap { PublicID(hexadecimal: $0) }.map { .some($0) } ?? .unreadable
    }
}
