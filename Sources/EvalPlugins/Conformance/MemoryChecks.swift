// Checks of what a scorer leaves behind: after rows, after instances, and at its end.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON

extension ConformanceCheck {
    static let rowLeak = aboutMemory(
        "C50",
        "row-leak",
        meaning: "A hundred thousand rows, or as many as can be scored in a second or two, leave no memory behind.",
        reason: "Workers live for as many rows; in process there is no other end.",
        fix: "Free what score allocates on every way out of it, errors too."
    ) { trial in await trial.rows() }

    static let instanceLeak = aboutMemory(
        "C51",
        "instance-leak",
        meaning: "Instances that are made and destroyed leave no memory behind.",
        reason: "A monitor makes them anew for every configuration.",
        fix: "Free in destroy all that create and score have kept in the instance, and what a refused create had made."
    ) { trial in await trial.instances() }

    static let destroy = aboutMemory(
        "C52",
        "destroy",
        meaning: "Destroying an instance, used or not, ends quickly and without a crash.",
        reason: "It happens at the end of every run.",
        fix: "Free each thing once, and wait for no thread that may never end."
    ) { trial in await trial.destruction() }

    private static func aboutMemory(
        _ number: String,
        _ name: String,
        meaning: String,
        reason: String,
        fix: String,
        _ look: @escaping @Sendable (MemoryTrial) async -> ConformanceFinding?
    ) -> ConformanceCheck {
        ConformanceCheck(number, name, .memory, meaning: meaning, reason: reason, fix: fix) { subject in
            guard subject.library != nil else { return .skipped("it can't be loaded") }
            guard !subject.soundScorers.isEmpty else { return .skipped("no scorer of it works at all") }
            var findings: [ConformanceFinding] = []
            for scorer in subject.soundScorers {
                let share = Duration.seconds(1.5) / subject.soundScorers.count
                let trial = MemoryTrial(scorer: scorer, subject: subject, time: share)
                if let finding = await look(trial) { findings.append(finding) }
            }
            return .found(findings)
        }
    }
}

/// Watches the memory of a worker with one scorer in it.
struct MemoryTrial: Sendable {
    let scorer: ScorerUnderTest
    let subject: ConformanceSubject
    let time: Duration
    /// A worker is replaced at 100,000 rows.
    private static let rows = 95_000
    /// Less may be an allocator that keeps what was freed.
    private static let least = 1_200_000
    /// Nobody needs to see more.
    private static let most = 24 << 20

    /// Memory after some calls.
    private struct Mark {
        let calls: Int
        let memory: Int
    }

    func rows() async -> ConformanceFinding? {
        guard let library = subject.library, let bench = subject.bench(), let made = try? await bench.make(scorer),
            let workers = try? bench.catalog.workers(of: library)
        else { return nil }
        let given = RowMaker(scorer).ordinary.filter { $0.serialized.utf8.count < 2_000 }.map { scorer.given($0) }
        guard !given.isEmpty else { return nil }
        let batch = (0..<max(1, Limits.batchRows / given.count)).flatMap { _ in given }
        let prepared = Prepared(batch)
        let leak = await leak(workers, most: Self.rows) {
            await prepared.score(with: made)
            return batch.count
        }
        await bench.end()
        return leak.map {
            ConformanceFinding(scorer: scorer.name, "it leaves about \($0) bytes behind for each row", given: nil)
        }
    }

    func instances() async -> ConformanceFinding? {
        guard let library = subject.library, let bench = subject.bench(),
            let workers = try? bench.catalog.workers(of: library),
            let resolved = try? scorer.descriptor.resolve(scorer.configuration)
        else { return nil }
        let recipe = WorkerRecipe(
            library: library.description.name,
            scorer: scorer.scorer,
            index: scorer.index,
            configuration: resolved,
            rowDeadline: subject.options.plugins.rowDeadline
        )
        guard let instance = try? await workers.makeInstance(recipe) else { return nil }
        let leak = await leak(workers, most: 20_000) {
            for _ in 0..<50 where !(await workers.remake(instance)) { return nil }
            return 50
        }
        await bench.end()
        return leak.map {
            ConformanceFinding(scorer: scorer.name, "each instance leaves about \($0) bytes behind")
        }
    }

    func destruction() async -> ConformanceFinding? {
        for isUsed in [false, true] {
            guard let bench = subject.bench(), let made = try? await bench.make(scorer) else { return nil }
            if isUsed {
                _ = await bench.score(RowMaker(scorer).ordinary.prefix(8).map { scorer.given($0) }, with: made)
            }
            let lines = await bench.end()
            let fault = lines.first { !$0.isPlugins && $0.text.contains("while it destroyed its instances") }
            if let fault {
                let which = isUsed ? "an instance that has scored" : "an instance that was never used"
                let words = fault.text.replacing("; no row is lost", with: "")
                return ConformanceFinding(scorer: scorer.name, "with \(which), it \(words)")
            }
        }
        return nil
    }

    /// Repeats something and watches the memory.
    ///
    /// - Parameters:
    ///   - workers: The worker.
    ///   - most: How many calls are enough.
    ///   - work: Does it, and says how many calls that were; nil to stop.
    /// - Returns: The bytes that each call leaves behind, if any.
    private func leak(_ workers: WorkerLibrary, most: Int, _ work: () async -> Int?) async -> Int? {
        let begin = ContinuousClock.now
        var calls = 0
        var marks: [Mark] = []
        // The first calls fill caches and buffers.
        while calls < most, ContinuousClock.now - begin < time {
            guard let made = await work() else { break }
            calls += made
            guard let use = await workers.measure() else { break }
            marks.append(Mark(calls: calls, memory: use.memory))
            if let first = marks.dropFirst(8).first, use.memory - first.memory > Self.most { break }
        }
        guard marks.count >= 16 else { return nil }
        let warm = Array(marks.dropFirst(max(8, marks.count / 8)))
        guard let first = warm.first, let last = warm.last else { return nil }
        let middle = warm[warm.count / 2]
        let (early, late) = (middle.memory - first.memory, last.memory - middle.memory)
        // What grows all the time, not what is filled once.
        guard early + late >= Self.least, late * 3 >= early, early * 3 >= late else { return nil }
        return max(1, (early + late) / max(1, last.calls - first.calls))
    }
}

/// Things that are given again and again: their rows are made once.
private struct Prepared {
    private var rows: [Row] = []
    private var sessions: [EvalCore.Session] = []

    init(_ given: [ConformanceCase.Given]) {
        for one in given {
            guard let turns = try? one.rows.map(Row.init(case:)) else { continue }
            if case .session = one {
                sessions.append(EvalCore.Session(id: "session", turns: turns))
            } else {
                rows += turns
            }
        }
    }

    func score(with scorer: any EvalCore.Scorer) async {
        if let scorer = scorer as? any SessionScorer {
            for session in sessions { _ = await scorer.score(session: session) }
        } else {
            _ = await scorer.score(rows)
        }
    }
}
