// Asking the application, or taking the outputs that the row brings.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// A row with its answer, or with why there is none.
struct PredictedRow: Sendable {
    let candidate: Candidate
    /// The row for the scorers; nil if it could not be read or predicted.
    let row: Row?
    let trace: Trace
    let failure: ScorerError?
}

/// Gives every row its outputs and its trace.
struct PredictStage: Sendable {
    /// What calls of the application need.
    struct Calls: Sendable {
        let predictor: any Predictor
        let slots: AsyncSemaphore
        let limiter: RateLimiter?
        let retry: RetryPolicy
        let timeout: Duration
        let traces: (any TraceReader)?
        let sessions = SessionGate()
        let store: any RunStore
        let run: PublicID
    }

    let calls: Calls?

    func predict(_ candidates: [Candidate]) async throws(Diagnostic) -> [PredictedRow] {
        let now = Self.nowNanoseconds() / 1_000_000
        var result: [PredictedRow] = []
        result.reserveCapacity(candidates.count)
        for candidate in candidates {
            switch candidate.record {
            case .failure(let error):
                result.append(Self.malformed(candidate, error, now))
            case .success(let record):
                if let calls {
                    result.append(try await ask(calls, candidate, record))
                } else if let trace = candidate.trace {
                    let row = Row(
                        record: record,
                        outputs: record.outputs,
                        trace: trace,
                        repetition: candidate.repetition
                    )
                    result.append(PredictedRow(candidate: candidate, row: row, trace: trace, failure: nil))
                } else {
                    let trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: now)
                    let row = Row(
                        record: record,
                        outputs: record.outputs,
                        trace: trace,
                        repetition: candidate.repetition
                    )
                    result.append(PredictedRow(candidate: candidate, row: row, trace: trace, failure: nil))
                }
            }
        }
        return result
    }

    /// Asks the application about one row.
    ///
    /// - Throws: That the store can't give the conversation's history.
    private func ask(
        _ calls: Calls,
        _ candidate: Candidate,
        _ record: Record
    ) async throws(Diagnostic) -> PredictedRow {
        let inputs = record.inputs ?? [:]
        var request = PredictRequest(id: .make(), inputs: inputs, sessionID: record.sessionID.map { String($0) })
        if let turn = candidate.turn, let session = request.sessionID {
            await calls.sessions.wait(for: turn)
            request.history = try await calls.store.turns(
                of: session,
                in: calls.run,
                before: candidate.ordinal,
                repetition: candidate.repetition
            )
        }
        await calls.slots.acquire()
        defer { calls.slots.release() }
        // A clock that jumps changes when a call was made, not how long it took.
        let clock = ContinuousClock()
        let wallStart = Self.nowNanoseconds()
        var start = clock.now
        var answer: Result<Prediction, PredictFailure>
        (answer, start) = await attempts(calls, request, clock: clock)
        var took = clock.now - start
        if case .success(let prediction) = answer, let own = prediction.elapsed { took = min(took, own) }
        let elapsed = Int64(took / .nanoseconds(1))
        var root = Span(
            id: PredictRequest.rootSpan,
            name: "predict",
            type: .chain,
            startNanoseconds: wallStart,
            endNanoseconds: wallStart + elapsed,
            inputs: inputs
        )
        var trace = Trace(
            id: request.id,
            requestTimeMilliseconds: wallStart / 1_000_000,
            durationMilliseconds: elapsed / 1_000_000,
            sessionID: request.sessionID,
            tags: record.tags
        )
        switch answer {
        case .success(let prediction):
            root.outputs = prediction.outputs
            root.usage = prediction.usage
            root.costUSD = prediction.costUSD
            root.events = Self.logged(prediction.log, at: wallStart + elapsed)
            trace.spans = [root] + Trace.shorthandSpans(record, startNanoseconds: wallStart) + prediction.spans
            do throws(Diagnostic) {
                if let own = prediction.trace { trace.graft(try calls.traces?.trace(own).trace) }
            } catch {
                let failure = PredictFailure("the application's trace can't be read: \(error.message)")
                return Self.failed(candidate, &root, &trace, failure, at: wallStart + elapsed)
            }
            let row = Row(
                record: record,
                outputs: prediction.outputs,
                trace: trace,
                repetition: candidate.repetition
            )
            return PredictedRow(candidate: candidate, row: row, trace: trace, failure: nil)
        case .failure(let failure):
            return Self.failed(candidate, &root, &trace, failure, at: wallStart + elapsed)
        }
    }

    /// Makes attempts until one succeeds, none may help any more, or the row's time is over.
    ///
    /// - Returns: What came of it, and when the last attempt began: what the application took, without the waiting.
    private func attempts(
        _ calls: Calls,
        _ request: PredictRequest,
        clock: ContinuousClock
    ) async -> (Result<Prediction, PredictFailure>, ContinuousClock.Instant) {
        let deadline = clock.now + calls.timeout
        var record = RetryPolicy.Record()
        var start = clock.now
        while true {
            let failure: PredictFailure
            do {
                try await calls.limiter?.wait()
                start = clock.now
                let left = deadline - start
                guard left > .zero else { throw DeadlineExceeded() }
                return (.success(try await withDeadline(left) { try await calls.predictor.predict(request) }), start)
            } catch is DeadlineExceeded {
                return (.failure(PredictFailure("no answer within \(calls.timeout), the time of a row")), start)
            } catch let error as PredictFailure {
                failure = error
            } catch {
                failure = PredictFailure(String(describing: error))
            }
            guard case .again(let delay) = calls.retry.decide(after: failure, &record, random: .random(in: 0...1)),
                clock.now + delay < deadline, !Task.isCancelled
            else { return (.failure(failure.afterAttempts(record.failures)), start) }
            try? await Task.sleep(for: delay)
        }
    }

    private static func failed(
        _ candidate: Candidate,
        _ root: inout Span,
        _ trace: inout Trace,
        _ failure: PredictFailure,
        at time: Int64
    ) -> PredictedRow {
        root.status = .error
        root.statusMessage = failure.message.prefixBytes(Limits.errorMessageBytes)
        root.events = logged(failure.log, at: time)
        trace.state = .error
        trace.spans = [root]
        let error = ScorerError.predictFailed(failure.description.prefixBytes(2 * Limits.errorMessageBytes))
        return PredictedRow(candidate: candidate, row: nil, trace: trace, failure: error)
    }

    /// What the application said beside its answer, as an event of the root span.
    private static func logged(_ log: String?, at time: Int64) -> [SpanEvent] {
        guard let log, !log.isEmpty else { return [] }
        return [SpanEvent(name: "log", timestampNanoseconds: time, attributes: ["message": JSON(log)])]
    }

    private static func malformed(_ candidate: Candidate, _ error: Diagnostic, _ now: Int64) -> PredictedRow {
        let failure = ScorerError(code: "malformed_record", message: error.description)
        let trace = Trace(state: .error, requestTimeMilliseconds: now)
        return PredictedRow(candidate: candidate, row: nil, trace: trace, failure: failure)
    }

    private static func nowNanoseconds() -> Int64 {
        Int64(Date().timeIntervalSince1970 * 1e9)
    }
}

extension PredictFailure {
    /// The failure with the number of attempts that it took, where there were several.
    fileprivate func afterAttempts(_ count: Int) -> PredictFailure {
        guard count > 1 else { return self }
        var copy = self
        copy.message = "\(message) (after \(count) attempts)"
        return copy
    }
}

extension String {
    /// The longest beginning of at most so many bytes that doesn't cut a character.
    func prefixBytes(_ limit: Int) -> String {
        if utf8.count <= limit { return self }
        var result = ""
        var size = 0
        for character in self {
            size += character.utf8.count
            if size > limit { break }
            result.append(character)
        }
        return result
    }
}
