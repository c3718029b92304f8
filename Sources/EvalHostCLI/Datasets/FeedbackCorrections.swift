// `--expect-from`: what reviewers said would have been right becomes ground truth.

internal import EvalCore
internal import EvalJSON
internal import EvalStore

/// Which feedback is ground truth, under which names.
struct FeedbackCorrections {
    private let names: [(feedback: String, expectation: String)]

    /// Whether there is none.
    var isEmpty: Bool { names.isEmpty }

    /// Reads `feedback=expectation`; without `=` the name stays.
    ///
    /// - Throws: Which has an empty name.
    init(_ words: [String]) throws(Diagnostic) {
        names = try words.map { word throws(Diagnostic) in
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
            guard parts.allSatisfy({ !$0.isEmpty }) else {
                throw Diagnostic("--expect-from is FEEDBACK or FEEDBACK=EXPECTATION, not '\(word)'")
            }
            return (parts[0], parts.last ?? parts[0])
        }
    }

    /// The ground truth that feedback on traces tells: what people said counts before what judges said, and of several
    /// the newest.
    ///
    /// - Throws: Why the store can't be read.
    func find(_ traces: [PublicID], _ store: SQLiteStore) async throws -> [PublicID: JSON] {
        var found: [PublicID: JSON] = [:]
        for trace in try await store.traces(traces, withSpans: false) {
            var members: [(String, JSON)] = []
            for (feedback, expectation) in names {
                let best = trace.assessments
                    .filter { $0.isValid && $0.name == feedback && $0.spanID == nil }
                    .compactMap { assessment -> (isHuman: Bool, time: Int64, value: JSON)? in
                        guard case .feedback(let value) = assessment.content else { return nil }
                        return (assessment.source.kind == .human, assessment.createdMilliseconds, value.json)
                    }
                    .max { ($0.isHuman ? 1 : 0, $0.time) < ($1.isHuman ? 1 : 0, $1.time) }
                if let best { members.append((expectation, best.value)) }
            }
            if !members.isEmpty { found[trace.info.id] = .object(members) }
        }
        return found
    }
}
