// Limits, breaker, pace, gate, retries and budget as lists of events and actions: no clock, no socket.

import EvalCore
import EvalJSON
import Foundation
import NIOHTTP1
import Testing

@testable import EvalModels

@Suite struct DecisionTests {
    private let start = ContinuousClock.now

    @Test("without a number the limit begins at 16 and doubles after each clean window, up to 64")
    func grows() {
        var limit = ConcurrencyLimit(explicit: nil)
        var seen = [limit.limit]
        for _ in 0..<3 {
            for _ in 0..<max(24, limit.limit) { limit.ended(isFault: false, generation: limit.generation) }
            seen.append(limit.limit)
        }
        #expect(seen == [16, 32, 64, 64])
    }

    @Test("a person's number is where it begins; it falls once for all calls of one overload, and recovers")
    func falls() {
        var limit = ConcurrencyLimit(explicit: 64)
        for _ in 0..<64 { limit.ended(isFault: true, generation: 0) }
        #expect(limit.limit == 32)
        #expect(limit.generation == 1)
        for _ in 0..<32 { limit.ended(isFault: false, generation: 1) }
        #expect(limit.limit == 36)
        for _ in 0..<2000 { limit.ended(isFault: false, generation: 1) }
        #expect(limit.limit == 64)
        for _ in 0..<64 { limit.ended(isFault: false, generation: 1) }
        #expect(limit.limit == 64)
    }

    @Test("few faults among many calls are no overload, and one call is always let through")
    func fewFaults() {
        var limit = ConcurrencyLimit(explicit: 64)
        for call in 0..<640 { limit.ended(isFault: call % 8 == 0, generation: limit.generation) }
        #expect(limit.limit == 64)
        // Nor do they hold it down once it has fallen.
        for _ in 0..<20 { limit.ended(isFault: true, generation: limit.generation) }
        #expect(limit.limit == 16)
        for call in 0..<2000 { limit.ended(isFault: call % 8 == 0, generation: limit.generation) }
        #expect(limit.limit == 64)
        for _ in 0..<1000 { limit.ended(isFault: true, generation: limit.generation) }
        #expect(limit.limit == 1)
    }

    @Test("eight failures in a row open the breaker, one probe decides, and pauses grow to a bound")
    func breaker() {
        var breaker = CircuitBreaker(firstPause: .seconds(1), longestPause: .seconds(3))
        for _ in 0..<7 { breaker.failed(wasProbe: false, now: start) }
        #expect(breaker.admission(now: start) == .pass)
        breaker.failed(wasProbe: false, now: start)
        #expect(breaker.admission(now: start) == .wait(until: start + .seconds(1)))
        #expect(breaker.admission(now: start + .seconds(1)) == .probe)
        breaker.beginProbe()
        #expect(breaker.admission(now: start + .seconds(1)) == .waitForProbe)
        breaker.failed(wasProbe: true, now: start + .seconds(2))
        #expect(breaker.admission(now: start + .seconds(2)) == .wait(until: start + .seconds(4)))
        breaker.beginProbe()
        breaker.failed(wasProbe: true, now: start + .seconds(5))
        #expect(breaker.admission(now: start + .seconds(5)) == .wait(until: start + .seconds(8)))
        #expect(breaker.outage(now: start + .seconds(8)) == .seconds(8))
        breaker.beginProbe()
        breaker.abandonedProbe(now: start + .seconds(8))
        #expect(breaker.admission(now: start + .seconds(8)) == .probe)
        breaker.answered()
        #expect(breaker.admission(now: start + .seconds(8)) == .pass)
        #expect(breaker.outage(now: start + .seconds(9)) == nil)
        #expect(breaker.wasHeard)
    }

    @Test("an answer between failures keeps the breaker closed")
    func breakerResets() {
        var breaker = CircuitBreaker()
        for call in 0..<100 {
            if call % 8 == 7 { breaker.answered() } else { breaker.failed(wasProbe: false, now: start) }
        }
        #expect(breaker.admission(now: start) == .pass)
    }

    @Test("calls and tokens are spaced evenly, corrected by what they took, and paused")
    func pace() {
        var pace = Pace(callsPerSecond: [100, 10], tokensPerSecond: 1000)
        #expect(pace.next(now: start) == nil)
        pace.take(tokens: 50, now: start)
        #expect(pace.next(now: start) == start + .milliseconds(100))
        pace.take(tokens: 500, now: start + .milliseconds(100))
        #expect(pace.next(now: start + .milliseconds(100)) == start + .milliseconds(600))
        pace.correct(tokens: -450)
        #expect(pace.next(now: start + .milliseconds(100)) == start + .milliseconds(200))
        pace.pause(for: .seconds(9), now: start)
        pace.pause(for: .seconds(2), now: start)
        #expect(pace.next(now: start) == start + .seconds(9))
        #expect(pace.next(now: start + .seconds(9)) == nil)
    }

    private func gate(_ explicit: Int? = 2) -> GateState {
        GateState(
            endpoint: "h",
            limit: ConcurrencyLimit(explicit: explicit),
            breaker: CircuitBreaker(firstPause: .seconds(1)),
            patience: .seconds(100),
            newPatience: .seconds(10)
        )
    }

    private func admit(_ gate: inout GateState, _ now: ContinuousClock.Instant) -> Permit? {
        if case .admitted(let permit) = gate.enter(tokens: 1, now: now) { permit } else { nil }
    }

    @Test("a gate lets in as many as its limit, and the next one when one has left")
    func gateLimit() throws {
        var gate = gate()
        let first = try #require(admit(&gate, start))
        _ = try #require(admit(&gate, start))
        #expect(gate.enter(tokens: 1, now: start) == .later)
        #expect(gate.leave(first, .init(signal: .answered), now: start) == nil)
        #expect(admit(&gate, start) != nil)
    }

    @Test("when three calls in a row are refused, all wait as long as the endpoint wants")
    func gatePause() throws {
        var gate = gate(64)
        for refusal in 0..<3 {
            let permit = try #require(admit(&gate, start))
            _ = gate.leave(permit, .init(signal: .overloaded(.seconds(7))), now: start)
            if refusal < 2 { #expect(gate.enter(tokens: 1, now: start) != .at(start + .seconds(7))) }
        }
        #expect(gate.enter(tokens: 1, now: start) == .at(start + .seconds(7)))
    }

    @Test("an endpoint that was never heard is given up sooner than one that worked, and a closed gate stays closed")
    func gateOutage() throws {
        for wasHeard in [false, true] {
            var gate = gate(64)
            if wasHeard {
                let permit = try #require(admit(&gate, start))
                _ = gate.leave(permit, .init(signal: .answered), now: start)
            }
            for _ in 0..<8 {
                let permit = try #require(admit(&gate, start))
                #expect(gate.leave(permit, .init(signal: .broken), now: start) == nil)
            }
            #expect(gate.enter(tokens: 1, now: start) == .at(start + .seconds(1)))
            let probe = try #require(admit(&gate, start + .seconds(11)))
            #expect(probe.isProbe)
            #expect(gate.enter(tokens: 1, now: start + .seconds(11)) == .later)
            let outage = gate.leave(probe, .init(signal: .late, words: "late"), now: start + .seconds(11))
            #expect((outage == nil) == wasHeard)
            if let outage {
                #expect(
                    outage.message
                        == "h has given no answer in 11 s, and calls are refused until it does; the last attempt: late"
                )
                #expect(gate.enter(tokens: 1, now: start + .seconds(11)) == .refused(outage))
            }
            let next = try #require(admit(&gate, start + .seconds(60)))
            #expect(gate.leave(next, .init(signal: .answered), now: start + .seconds(60)) == nil)
            #expect(admit(&gate, start + .seconds(60)) != nil)
            let end = CallFailure("model_key", "no")
            let isNew = [gate.close(end), gate.close(end)]
            #expect(isNew == [true, false])
            #expect(gate.enter(tokens: 1, now: start + .seconds(60)) == .refused(end))
        }
    }

    @Test("attempts, postponements, steps and the one repair turn are counted apart")
    func retries() {
        var policy = RetryPolicy(attempts: 3)
        policy.steps = 1
        var record = RetryPolicy.Record()
        let repair = CallFailure.Remedy.repair(reply: "r", fault: "f")
        #expect(policy.next(after: .again, &record, random: 1) == .again(after: .milliseconds(500)))
        #expect(policy.next(after: .postponed(.seconds(3)), &record, random: 0) == .again(after: .seconds(3)))
        #expect(policy.next(after: .otherwise, &record, random: 1) == .again(after: .zero))
        #expect(policy.next(after: .otherwise, &record, random: 1) == .giveUp)
        #expect(policy.next(after: repair, &record, random: 1) == .repair(reply: "r", fault: "f"))
        #expect(policy.next(after: repair, &record, random: 1) == .giveUp)
        record = RetryPolicy.Record()
        #expect(policy.next(after: repair, &record, random: 1) == .repair(reply: "r", fault: "f"))
        #expect(policy.next(after: repair, &record, random: 1) == .again(after: .zero))
        #expect(policy.next(after: .none, &record, random: 1) == .giveUp)
    }

    @Test("delays double up to a bound, and chance takes any part of them")
    func delays() {
        let policy = RetryPolicy(attempts: 20)
        var record = RetryPolicy.Record()
        let delays = (0..<9).map { _ in policy.next(after: .again, &record, random: 1) }
        let seconds = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
        #expect(delays == seconds.map { .again(after: .seconds($0)) })
        #expect(policy.next(after: .again, &record, random: 0) == .again(after: .zero))
        #expect(policy.next(after: .againAfter(.seconds(9)), &record, random: 0) == .again(after: .seconds(9)))
    }

    @Test("a budget holds estimates back, waits for calls under way, and ends when nothing is left")
    func budget() {
        var state = BudgetState(ModelBudget(maxCostUSD: 10))
        #expect(state.reserve(6) == .granted)
        #expect(state.reserve(6) == .wait)
        state.settle(6, cost: 3, reached: true)
        #expect(state.reserve(6) == .granted)
        state.settle(6, cost: nil, reached: false)
        #expect(state.spentUSD == 3 && state.calls == 1)
        #expect(state.reserve(8) == .spent)
        var calls = BudgetState(ModelBudget(maxCalls: 2))
        let decisions = [calls.reserve(0), calls.reserve(0), calls.reserve(0)]
        #expect(decisions == [.granted, .granted, .wait])
        calls.settle(0, cost: nil, reached: false)
        #expect(calls.reserve(0) == .granted)
        calls.settle(0, cost: nil, reached: true)
        calls.settle(0, cost: nil, reached: true)
        #expect(calls.reserve(0) == .spent)
        // What the application's model is asked is not counted.
        #expect(calls.reserve(0, for: .predict) == .granted)
    }

    @Test("headers about rates are read in all their forms")
    func headers() {
        let now = Date(timeIntervalSince1970: 784_111_777)
        func after(_ name: String, _ value: String) -> Duration? {
            RateHeaders.retryAfter(HTTPHeaders([(name, value)]), now: now)
        }
        #expect(after("Retry-After", "7") == .seconds(7))
        #expect(after("Retry-After", "0.5") == .milliseconds(500))
        #expect(after("retry-after-ms", "250") == .milliseconds(250))
        #expect(after("Retry-After", "Sun, 06 Nov 1994 08:49:42 GMT") == .seconds(5))
        #expect(after("Retry-After", "soon") == nil)
        #expect(after("Retry-After", "-1") == nil)
        let texts = ["120ms", "1.5s", "6m0s", "1h2m3s", "12", "x", ""]
        #expect(
            texts.map { RateHeaders.duration($0) } == [
                .milliseconds(120), .milliseconds(1500), .seconds(360), .seconds(3723), .seconds(12), nil, nil,
            ]
        )
        let anthropic = HTTPHeaders([
            ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "1994-11-06T08:49:47Z"),
            ("anthropic-ratelimit-tokens-remaining", "1000"),
            ("anthropic-ratelimit-tokens-reset", "1994-11-06T09:49:47Z"),
        ])
        #expect(RateHeaders.pause(anthropic, now: now) == .seconds(10))
        #expect(RateHeaders.pause(HTTPHeaders([("x-ratelimit-remaining-tokens", "0")]), now: now) == nil)
    }
}
