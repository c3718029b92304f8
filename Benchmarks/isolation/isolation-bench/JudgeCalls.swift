// Rows whose scorer asks a judge that takes a second: how many of them are under way at once.

import EvalCore
import EvalJSON
import EvalPlugins
import Synchronization

/// A judge that says yes after a second.
final class SlowJudge: JudgeClient {
    let model = "slow"
    let concurrency = 50
    private let counts = Mutex((now: 0, most: 0))
    /// The most questions that were under way at once.
    var most: Int { counts.withLock { $0.most } }

    func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer {
        counts.withLock { counts in
            counts.now += 1
            counts.most = max(counts.most, counts.now)
        }
        defer { counts.withLock { $0.now -= 1 } }
        try? await Task.sleep(for: .seconds(1))
        return JudgeAnswer(reply: ["rationale": "It does.", "result": "yes"], model: model)
    }
}

/// Scores rows one by one from tasks of their own, as many at once as the judge takes.
///
/// - Throws: Why the scorer can't be made, or that a row has no value.
func judgeCalls(_ rows: [Row], folder: String, worker: String) async throws -> (took: Duration, most: Int) {
    let judge = SlowJudge()
    var options = PluginOptions(hostVersion: HostVersion.current)
    options.worker = worker
    options.judge = judge
    let catalog = await PluginCatalog.open([folder], options: options)
    if let refusal = catalog.refusals.first { throw refusal }
    guard let descriptor = catalog.descriptors.first else { throw Diagnostic("no plugin in \(folder)") }
    let scorer = try await catalog.make(descriptor, configuration: try descriptor.resolve([:]))
    let start = clock.now
    let failed = await withTaskGroup(of: Verdict?.self) { group in
        var rest = rows[...]
        var failed: Verdict?
        for _ in 0..<judge.concurrency {
            guard let row = rest.popFirst() else { break }
            group.addTask { await scorer.score([row]).first }
        }
        while let verdict = await group.next() {
            if case .feedback = verdict {} else { failed = verdict }
            if let row = rest.popFirst() { group.addTask { await scorer.score([row]).first } }
        }
        return failed
    }
    if let failed { throw Diagnostic("a row has no value: \(failed)") }
    return (clock.now - start, judge.most)
}
