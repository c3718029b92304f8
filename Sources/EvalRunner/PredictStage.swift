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
    private let predictor: (any Predictor)?
    private let slots: AsyncSemaphore
    private let timeout: Duration

    init(predictor: (any Predictor)?, concurrency: Int, timeout: Duration) {
        self.predictor = predictor
        slots = AsyncSemaphore(concurrency)
        self.timeout = timeout
    }

    func predict(_ candidates: [Candidate]) async -> [PredictedRow] {
        let now = Self.nowMilliseconds()
        var result: [PredictedRow] = []
        result.reserveCapacity(candidates.count)
        for candidate in candidates {
            switch candidate.record {
            case .failure(let error):
                result.append(Self.malformed(candidate, error, now))
            case .success(let record):
                if let predictor {
                    result.append(await ask(predictor, candidate, record))
                } else {
                    let trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: now)
                    let row = Row(record: record, outputs: record.outputs, trace: trace)
                    result.append(PredictedRow(candidate: candidate, row: row, trace: trace, failure: nil))
                }
            }
        }
        return result
    }

    private func ask(_ predictor: any Predictor, _ candidate: Candidate, _ record: Record) async -> PredictedRow {
        await slots.acquire()
        defer { slots.release() }
        let inputs = record.inputs ?? [:]
        let request = PredictRequest(id: .make(), inputs: inputs, sessionID: record.sessionID.map { String($0) })
        let start = Self.nowNanoseconds()
        let answer: Result<Prediction, ScorerError>
        do {
            let prediction = try await withDeadline(timeout) { try await predictor.predict(request) }
            answer = .success(prediction)
        } catch is DeadlineExceeded {
            answer = .failure(.predictFailed("no answer within \(timeout)"))
        } catch {
            answer = .failure(.predictFailed(String(describing: error).prefixBytes(Limits.errorMessageBytes)))
        }
        let end = max(start, Self.nowNanoseconds())
        var root = Span(
            id: 1,
            name: "predict",
            type: .chain,
            startNanoseconds: start,
            endNanoseconds: end,
            inputs: inputs
        )
        var trace = Trace(
            id: request.id,
            requestTimeMilliseconds: start / 1_000_000,
            durationMilliseconds: (end - start) / 1_000_000,
            sessionID: request.sessionID,
            tags: record.tags
        )
        switch answer {
        case .success(let prediction):
            root.outputs = prediction.outputs
            trace.spans = [root] + Trace.shorthandSpans(record, startNanoseconds: start) + prediction.spans
            let row = Row(record: record, outputs: prediction.outputs, trace: trace)
            return PredictedRow(candidate: candidate, row: row, trace: trace, failure: nil)
        case .failure(let error):
            root.status = .error
            root.statusMessage = error.message
            trace.state = .error
            trace.spans = [root]
            return PredictedRow(candidate: candidate, row: nil, trace: trace, failure: error)
        }
    }

    private static func malformed(_ candidate: Candidate, _ error: Diagnostic, _ now: Int64) -> PredictedRow {
        let failure = ScorerError(code: "malformed_record", message: error.description)
        let trace = Trace(state: .error, requestTimeMilliseconds: now)
        return PredictedRow(candidate: candidate, row: nil, trace: trace, failure: failure)
    }

    private static func nowMilliseconds() -> Int64 { nowNanoseconds() / 1_000_000 }

    private static func nowNanoseconds() -> Int64 {
        Int64(Date().timeIntervalSince1970 * 1e9)
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
