import EvalCore
import Testing

@testable import EvalPredictors

/// The pool with a clock of its own; what it does is written as words.
struct PoolScript {
    var pool: CommandPool
    var now = Duration.zero

    init(processes: Int = 2, inFlight: Int = 1) {
        pool = CommandPool(bounds: CommandBounds(processes: processes, inFlight: inFlight, timeout: .seconds(60)))
    }

    static func id(_ ticket: CommandTicket) -> PublicID { PublicID(bits: UInt128(ticket)) }

    /// Asks with these tickets, whose identifiers are their numbers.
    mutating func ask(_ tickets: CommandTicket...) -> [CommandAction] {
        for ticket in tickets { pool.ask(ticket, id: Self.id(ticket)) }
        return actions()
    }

    mutating func actions() -> [CommandAction] {
        pool.assign(now: now)
        return pool.takeActions()
    }

    mutating func answer(_ ticket: CommandTicket, from child: Int) -> CommandTicket? {
        pool.answer(from: child, id: .some(Self.id(ticket)))
    }

    mutating func exit(_ child: Int, _ ending: CommandEnding, unread: [CommandTicket] = []) -> [CommandAction] {
        pool.exited(child, ending, unread: unread, now: now)
        return actions()
    }

    mutating func wait(_ duration: Duration) -> [CommandAction] {
        now += duration
        pool.tick(now: now)
        return actions()
    }
}

@Suite("The pool of processes decides")
struct CommandPoolTests {
    private let crash = CommandDeath(.signalled(11))

    @Test("a process starts for a request when no other is free, up to their number")
    func starting() {
        var script = PoolScript(processes: 2, inFlight: 2)
        #expect(script.ask(1) == [.start(1), .send(1, to: 1)])
        #expect(script.ask(2) == [.start(2), .send(2, to: 2)])
        #expect(script.ask(3, 4, 5) == [.send(3, to: 1), .send(4, to: 2)])
        #expect(script.answer(2, from: 2) == 2)
        #expect(script.actions() == [.send(5, to: 2)])
        #expect(script.answer(4, from: 2) == 4)
        #expect(script.answer(5, from: 2) == 5)
        #expect(script.ask(6) == [.send(6, to: 2)], "a free process comes before one with room")
    }

    @Test("an answer without an identifier is the oldest request's")
    func order() {
        var script = PoolScript(processes: 1, inFlight: 3)
        _ = script.ask(1, 2, 3)
        #expect(script.answer(2, from: 1) == 2)
        #expect(script.pool.answer(from: 1, id: .none) == 1)
        #expect(script.pool.answer(from: 1, id: .none) == 3)
    }

    @Test("an unknown or repeated identifier is noted and answers nothing")
    func strangers() {
        var script = PoolScript(processes: 2, inFlight: 2)
        _ = script.ask(1, 2)
        #expect(script.answer(2, from: 1) == nil, "it is in the other process")
        #expect(script.answer(1, from: 1) == 1)
        #expect(script.answer(1, from: 1) == nil)
        #expect(script.pool.answer(from: 1, id: .unreadable) == nil)
        #expect(script.actions() == [.note(.unknownID), .note(.unknownID), .note(.unknownID)])
        #expect(script.answer(2, from: 2) == 2)
    }

    @Test("nonsense fails the oldest; an answer without an identifier is not trusted after it")
    func nonsense() {
        var script = PoolScript(processes: 1, inFlight: 3)
        _ = script.ask(1, 2, 3)
        script.pool.nonsense(from: 1)
        #expect(script.actions() == [.finish(1, .nonsense)])
        #expect(script.answer(2, from: 1) == 2, "one with an identifier is")
        #expect(script.pool.answer(from: 1, id: .none) == nil)
        #expect(script.actions() == [.finish(3, .unattributable), .stop(1, .kill)])
        #expect(CommandFault.unattributable.isRetryable)
    }

    @Test("an answer nobody asked for doesn't become the next row's")
    func surplus() {
        var script = PoolScript(processes: 1)
        _ = script.ask(1)
        #expect(script.pool.answer(from: 1, id: .none) == 1)
        #expect(script.pool.answer(from: 1, id: .none) == nil)
        #expect(script.actions() == [.note(.surplusAnswer)])
        #expect(script.ask(2) == [.send(2, to: 1)])
        #expect(script.pool.answer(from: 1, id: .none) == nil)
        #expect(script.actions() == [.finish(2, .unattributable), .stop(1, .kill)])
    }

    @Test("a process that dies with one request costs that one; the next starts at once")
    func deathAlone() {
        var script = PoolScript(processes: 1)
        _ = script.ask(1, 2)
        #expect(script.exit(1, .signalled(11)) == [.finish(1, .died(crash)), .start(2), .send(2, to: 2)])
        #expect(!CommandFault.died(crash).isRetryable)
        #expect(CommandFault.died(crash).message == "the command was killed by signal 11 (SIGSEGV) before it answered")
    }

    @Test("a process that dies with several may have been killed by any: each comes back alone")
    func deathInCompany() {
        var script = PoolScript(processes: 1, inFlight: 3)
        _ = script.ask(1, 2, 3)
        let fault = CommandFault.neighbour(.died(crash))
        #expect(script.exit(1, .signalled(11)) == [.finish(1, fault), .finish(2, fault), .finish(3, fault)])
        #expect(fault.isRetryable)
        // The loop tries them again, among others.
        for ticket: CommandTicket in 1...3 { script.pool.ask(10 + ticket, id: PoolScript.id(ticket)) }
        #expect(script.ask(20) == [.start(2), .send(11, to: 2)])
        #expect(script.answer(1, from: 2) == 11)
        #expect(script.actions() == [.send(12, to: 2)])
        #expect(
            script.exit(2, .signalled(11)) == [.finish(12, .died(crash)), .start(3), .send(13, to: 3)],
            "it was the second"
        )
        #expect(script.answer(3, from: 3) == 13)
        #expect(script.actions() == [.send(20, to: 3)])
    }

    @Test("suspects have a process of their own while the others go on")
    func suspectsBeside() {
        var script = PoolScript(processes: 2, inFlight: 2)
        _ = script.ask(1, 2, 3, 4)
        _ = script.exit(1, .exited(1))
        script.pool.ask(11, id: PoolScript.id(1))
        script.pool.ask(13, id: PoolScript.id(3))
        #expect(script.ask(5) == [.start(3), .send(11, to: 3)], "the other process is full")
        #expect(script.answer(2, from: 2) == 2)
        #expect(script.actions() == [.send(5, to: 2)])
        #expect(script.answer(1, from: 3) == 11)
        #expect(script.actions() == [.send(13, to: 3)])
    }

    @Test("of requests without an answer the oldest is to blame")
    func hang() {
        var script = PoolScript(processes: 1, inFlight: 3)
        _ = script.ask(1, 2)
        script.now = .seconds(10)
        _ = script.ask(3)
        #expect(script.pool.nextMoment == .seconds(60))
        let timeout = Duration.seconds(60)
        let oldest = CommandFault.noAnswer(timeout, isOldest: true)
        #expect(
            script.wait(.seconds(50)) == [
                .finish(1, oldest), .finish(2, .noAnswer(timeout, isOldest: false)), .finish(3, .neighbour(oldest)),
                .stop(1, .kill),
            ]
        )
        #expect(!oldest.isRetryable && CommandFault.noAnswer(timeout, isOldest: false).isRetryable)
        #expect(CommandFault.neighbour(oldest).isRetryable)
        #expect(script.answer(3, from: 1) == nil, "what it says now doesn't count")
        #expect(script.ask(4) == [], "there are never more processes than their number")
        #expect(script.exit(1, .signalled(15)) == [.start(2), .send(4, to: 2)])
    }

    @Test("a process that ends by itself after an answer leaves the next request to another")
    func oneShot() {
        var script = PoolScript(processes: 1)
        _ = script.ask(1, 2)
        #expect(script.answer(1, from: 1) == 1)
        #expect(script.actions() == [.send(2, to: 1)])
        #expect(script.exit(1, .exited(0)) == [.start(2), .send(2, to: 2)])
        #expect(script.exit(2, .exited(0)) == [.finish(2, .died(CommandDeath(.exited(0))))], "not for ever")
    }

    @Test("of a process that dies only what it had read is to blame")
    func unread() {
        var script = PoolScript(processes: 1, inFlight: 3)
        _ = script.ask(1, 2, 3)
        #expect(
            script.exit(1, .exited(1), unread: [2, 3])
                == [.finish(1, .died(CommandDeath(.exited(1)))), .start(2), .send(2, to: 2), .send(3, to: 2)]
        )
    }

    @Test("what a process can't have read is asked of another one")
    func deaf() {
        var script = PoolScript(processes: 1, inFlight: 2)
        _ = script.ask(1, 2)
        #expect(script.answer(1, from: 1) == 1)
        script.pool.inputClosed(of: 1, unread: [2])
        #expect(script.actions() == [.stop(1, .leave)])
        #expect(script.exit(1, .signalled(15)) == [.start(2), .send(2, to: 2)])
    }

    @Test("a command that dies again and again is started more and more slowly, and then no more")
    func givingUp() {
        var script = PoolScript(processes: 1)
        _ = script.ask(1, 2, 3, 4, 5, 6)
        let death = CommandDeath(.exited(127))
        #expect(script.exit(1, .exited(127)) == [.finish(1, .died(death)), .start(2), .send(2, to: 2)])
        #expect(script.exit(2, .exited(127)) == [.finish(2, .died(death))])
        #expect(script.pool.nextMoment == .milliseconds(100))
        #expect(script.wait(.milliseconds(99)) == [])
        #expect(script.wait(.milliseconds(1)) == [.start(3), .send(3, to: 3)])
        _ = script.exit(3, .exited(127))
        #expect(script.wait(.milliseconds(200)) == [.start(4), .send(4, to: 4)])
        _ = script.exit(4, .exited(127))
        #expect(script.wait(.milliseconds(400)) == [.start(5), .send(5, to: 5)])
        let fault = CommandFault.givenUp(deaths: 5, death)
        #expect(script.exit(5, .exited(127)) == [.finish(5, .died(death)), .finish(6, fault)])
        #expect(script.ask(7) == [.finish(7, fault)])
        #expect(
            fault.message
                == "the command is not started again: 5 times in a row it ended without an answer, and at last it "
                + "ended with exit status 127 (is it installed?)"
        )
    }

    @Test("an answer in between ends the row of deaths")
    func recovery() {
        var script = PoolScript(processes: 1)
        for child in 1...20 {
            let ticket = CommandTicket(child)
            #expect(script.ask(ticket) == [.start(child), .send(ticket, to: child)])
            if child % 4 == 0 { #expect(script.answer(ticket, from: child) == ticket) }
            let death = CommandFault.died(CommandDeath(.exited(1)))
            #expect(script.exit(child, .exited(1)) == (child % 4 == 0 ? [] : [.finish(ticket, death)]))
            #expect(script.wait(.seconds(5)) == [])
        }
    }

    @Test("a cancelled request leaves the queue, or keeps its process until it answers")
    func cancelling() {
        var script = PoolScript(processes: 1)
        _ = script.ask(1, 2, 3)
        script.pool.cancel(1)
        script.pool.cancel(2)
        #expect(script.actions() == [])
        #expect(script.answer(1, from: 1) == nil)
        #expect(script.actions() == [.send(3, to: 1)], "the answer was awaited, not ignored")
        script.pool.cancel(3)
        #expect(script.wait(.seconds(60)) == [.stop(1, .kill)], "its time ends all the same")
    }

    @Test("a line without an end costs its row and the process")
    func endless() {
        var script = PoolScript(processes: 1, inFlight: 2)
        _ = script.ask(1, 2)
        script.pool.endlessLine(from: 1)
        #expect(
            script.actions() == [.finish(1, .endlessLine), .finish(2, .neighbour(.endlessLine)), .stop(1, .kill)]
        )
    }

    @Test("closing fails what waits and lets processes leave")
    func closing() {
        var script = PoolScript(processes: 1)
        _ = script.ask(1, 2)
        script.pool.close()
        #expect(script.actions() == [.finish(2, .closed), .finish(1, .closed), .stop(1, .close)])
        #expect(script.ask(3) == [.finish(3, .closed)])
        #expect(script.exit(1, .exited(0)) == [])
    }
}
