// One attempt: through the gate, out, back, judged, paid, written down; only then is it used.

internal import AsyncHTTPClient
internal import EvalCore
internal import EvalJSON
internal import Foundation
internal import NIOCore

/// Makes attempts for one model at one endpoint.
///
/// It is a class because it is large and passed on through many waits, each of which would copy it.
final class Attempter: Sendable, CustomReflectable {
    /// What is asked, as far as an attempt has to know.
    struct Order {
        var key: Digest
        var body: [UInt8]
        /// About how many tokens the question has.
        var inputTokens: Int
        /// About how many the answer has.
        var outputTokens: Int
        var isRetry: Bool
    }

    let name: ModelName
    let purpose: ModelPurpose
    let endpoint: Endpoint
    let core: HubCore
    let site: Site
    let state: ModelState
    let price: ModelPrice?
    let priceJSON: JSON
    let request: HTTPClient.Request

    init(
        name: ModelName,
        purpose: ModelPurpose,
        endpoint: Endpoint,
        core: HubCore,
        site: Site,
        state: ModelState,
        price: ModelPrice?,
        priceJSON: JSON,
        request: HTTPClient.Request
    ) {
        self.name = name
        self.purpose = purpose
        self.endpoint = endpoint
        self.core = core
        self.site = site
        self.state = state
        self.price = price
        self.priceJSON = priceJSON
        self.request = request
    }

    /// The headers have keys in them: no description shows them.
    var customMirror: Mirror { Mirror(self, children: ["name": name, "endpoint": endpoint.name]) }

    /// Makes an attempt.
    ///
    /// - Parameters:
    ///   - order: What is asked.
    ///   - judge: Says what a reply is worth.
    /// - Returns: What came of it; an answer is written down already.
    func attempt<Value>(_ order: Order, judge: (RawReply) -> Judgement<Value>) async -> Judgement<Value> {
        let estimate = price?
            .cost(
                of: CountedTokens(input: Int64(order.inputTokens), output: Int64(order.outputTokens))
            )
        let permit: Permit
        do throws(CallFailure) {
            permit = try await enter(order, estimate: estimate ?? 0)
        } catch {
            return Judgement(error, model: name.model)
        }
        core.underWay.begin()
        defer { core.underWay.end() }
        let began = ContinuousClock.now
        var judgement: Judgement<Value>
        var reply: RawReply?
        do throws(CallFailure) {
            let received = try await send(order.body)
            judgement = judge(received)
            reply = received
        } catch {
            judgement = Judgement(error, model: name.model)
        }
        judgement.costUSD = judgement.tokens.flatMap { tokens in price.map { $0.cost(of: tokens) } }
        // Before anybody else may enter, whoever waits must learn that there is no sense in it.
        let isHopeless = strikes(judgement)
        settle(order, permit, estimate ?? 0, reply, &judgement)
        await keep(order, &judgement, took: began.duration(to: .now))
        conclude(judgement, isHopeless: isHopeless)
        return judgement
    }

    private func enter(_ order: Order, estimate: Double) async throws(CallFailure) -> Permit {
        var permit: Permit?
        do throws(CallFailure) {
            if let closed = state.closed { throw closed }
            let entered = try await site.gate.enter(tokens: order.inputTokens + order.outputTokens)
            permit = entered
            // While it waited, others may have learned that there is no sense in it.
            if let closed = state.closed { throw closed }
            try await core.budget.reserve(estimate, for: purpose)
            return entered
        } catch {
            if let permit { _ = site.gate.leave(permit, .init(signal: .silent, tokens: 0)) }
            // Whoever learned it first may not have come to tell it: no row may end by this before the run hears of it.
            tell(error)
            throw error
        }
    }

    /// Tells the owner of the hub what concerns more than this call.
    private func tell(_ failure: CallFailure) {
        switch failure.reach {
        case .call: break
        case .model: core.bell.tell(failure, cause: "\(endpoint.identity) \(name)")
        case .endpoint: core.bell.tell(failure, cause: "\(failure.code) \(endpoint.identity)")
        case .everybody: core.bell.tell(failure, cause: failure.code)
        }
    }

    private func send(_ body: [UInt8]) async throws(CallFailure) -> RawReply {
        var request = request
        request.body = .byteBuffer(ByteBuffer(bytes: body))
        do {
            return try await site.transport.send(request)
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw .connection(error, endpoint: "\(name.model) at \(endpoint.name)", timeout: core.timeout)
        }
    }

    private func settle<Value>(
        _ order: Order,
        _ permit: Permit,
        _ estimate: Double,
        _ reply: RawReply?,
        _ judgement: inout Judgement<Value>
    ) {
        let failure = judgement.failure
        let tokens = judgement.tokens.map { Int(clamping: $0.input &+ $0.output) }
        let ending = GateState.Ending(
            signal: failure?.signal ?? .answered,
            tokens: tokens ?? (reply == nil || failure == nil ? nil : 0),
            pause: reply.flatMap { RateHeaders.pause($0.headers) },
            words: failure?.message
        )
        if let outage = site.gate.leave(permit, ending) {
            tell(outage)
            judgement.result = .failure(outage)
        }
        let reached = failure?.reached ?? true
        // A success that doesn't tell what it took is taken to have cost what was thought.
        let cost = judgement.costUSD ?? (failure == nil ? estimate : nil)
        core.budget.settle(estimate, cost: cost, reached: reached, for: purpose)
        let counts = judgement.kept != nil
        core.meter.attempted(
            reached: reached,
            isRetry: order.isRetry,
            reply: counts ? (failure != nil, judgement.tokens?.usage, judgement.costUSD) : nil
        )
    }

    private func keep<Value>(_ order: Order, _ judgement: inout Judgement<Value>, took: Duration) async {
        guard let kept = judgement.kept, core.desk.hasJournal else { return }
        let entry = JournaledReply(
            key: order.key,
            run: core.desk.run,
            purpose: purpose,
            asked: name.description,
            endpoint: endpoint.base,
            model: judgement.model,
            refusal: judgement.failure?.code,
            reply: kept,
            usage: judgement.tokens?.usage,
            costUSD: judgement.costUSD,
            price: priceJSON,
            createdMilliseconds: Int64(Date().timeIntervalSince1970 * 1000),
            latencyMilliseconds: Int64(took / .milliseconds(1))
        )
        do throws(CallFailure) {
            try await core.desk.keep(entry)
        } catch {
            judgement.result = .failure(error)
            tell(error)
        }
    }

    /// Whether a failure concerns all calls of the model from now on.
    private func strikes<Value>(_ judgement: Judgement<Value>) -> Bool {
        guard let failure = judgement.failure, failure.reach == .model || failure.reach == .endpoint,
            state.strike(failure)
        else { return false }
        if failure.reach == .endpoint { _ = site.gate.close(failure) }
        return true
    }

    private func conclude<Value>(_ judgement: Judgement<Value>, isHopeless: Bool) {
        if let step = judgement.step { state.manner.take(step) }
        guard let failure = judgement.failure else { return state.answered() }
        if isHopeless { tell(failure) }
    }
}

extension CountedTokens {
    /// The tokens without those that only prices tell apart.
    var usage: TokenUsage { TokenUsage(inputTokens: input, outputTokens: output, totalTokens: total) }
}
