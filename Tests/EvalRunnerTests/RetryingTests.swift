// Decisions about attempts and rates, without clocks.

import EvalCore
import Testing

@testable import EvalRunner

@Suite struct RetryingTests {
    @Test("delays have full jitter below a bound that doubles and ends, and attempts end")
    func delays() {
        let policy = RetryPolicy(attempts: 10)
        var record = RetryPolicy.Record()
        let failure = PredictFailure("busy", isRetryable: true)
        var bounds: [Duration] = []
        while case .again(let delay) = policy.decide(after: failure, &record, random: 1) { bounds.append(delay) }
        #expect(bounds == [0.5, 1, 2, 4, 8, 16, 30, 30, 30].map { Duration.seconds($0) })
        #expect(record.failures == 10)
        var other = RetryPolicy.Record()
        #expect(policy.decide(after: failure, &other, random: 0.5) == .again(after: .milliseconds(250)))
    }

    @Test("what won't pass is given up at once, and a wait that was asked for doesn't count")
    func kinds() {
        let policy = RetryPolicy(attempts: 2)
        var record = RetryPolicy.Record()
        #expect(policy.decide(after: PredictFailure("no"), &record, random: 0) == .giveUp)
        let postponed = PredictFailure("later", isRetryable: true, retryAfter: .seconds(7))
        for _ in 0..<20 {
            #expect(policy.decide(after: postponed, &record, random: 0) == .again(after: .seconds(7)))
        }
        #expect(record.failures == 0)
    }

    @Test("calls begin no faster than the rate, and a pause earns no burst")
    func rate() throws {
        let rate = try #require(CallRate("600/m"))
        #expect(rate.perSecond == 10)
        let limiter = RateLimiter(callsPerSecond: rate.perSecond)
        let start = ContinuousClock.now
        let moments = (0..<4).map { _ in limiter.reserve(now: start) - start }
        #expect(moments == [0, 100, 200, 300].map { Duration.milliseconds($0) })
        let later = start + .seconds(60)
        #expect(limiter.reserve(now: later) == later)
        #expect(limiter.reserve(now: later) == later + .milliseconds(100))
        for wrong in ["", "0/s", "-1", "x/s", "5/day", "1/s/s"] { #expect(CallRate(wrong) == nil, "\(wrong)") }
    }
}
