// From a request to what the loop needs: scorers, plan; and from its end to a report.

internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalRunner
internal import EvalStore
internal import Foundation

/// An evaluation with its scorers found and made.
struct EvaluationSetup: Sendable {
    let scorers: [ScorerInstance]
    let notes: [String]
    let models: RunModels
    /// Judges of people's own that it uses.
    let judges: [JudgeDefinition]

    /// Looks the scorers up and makes them, and checks what is demanded of their metrics.
    ///
    /// - Parameters:
    ///   - request: What is to be evaluated.
    ///   - models: The models that may be asked.
    ///   - registered: Judges of the store, which those of the request stand before.
    ///   - console: Where notes go.
    /// - Throws: What is wrong, before any row is read.
    init(
        _ request: EvaluationRequest,
        models: RunModels,
        registered: [JudgeDefinition],
        console: OutputOptions
    ) async throws(Diagnostic) {
        let found = try await Self.find(request, models, registered)
        for refusal in found.refused { Console.warning("left out: \(refusal)") }
        let directory = found.directory
        var specs: [ScorerSpec] = []
        for argument in request.scorerArguments { specs.append(try ScorerArgument.parse(argument, in: directory)) }
        if specs.isEmpty {
            specs = request.scorers
            for descriptor in found.unnamed(in: specs) {
                if let reason = found.standsBack(descriptor) {
                    console.note("the scorer '\(descriptor.qualifiedName)' \(reason)")
                } else {
                    specs.append(try ScorerSpec(descriptor.qualifiedName))
                }
            }
        }
        guard !specs.isEmpty else {
            throw Diagnostic(
                "there is no scorer",
                help: "Name one with --scorer NAME, with `scorers:` in the suite, or give a folder with --plugins DIR."
            )
        }
        let scorers = try await directory.make(specs)
        for (threshold, location) in request.thresholds {
            do throws(Diagnostic) {
                try threshold.check(against: scorers, repeats: request.rows.repeats)
            } catch {
                throw error.located(location)
            }
        }
        self.scorers = scorers
        self.models = models
        let named = Set(scorers.map(\.scorer.descriptor.name))
        judges = Self.judges(request, registered).filter { named.contains($0.name) }
        notes = found.notes(for: scorers)
    }

    /// Looks into the folders; of one that a suite names and that can't be read the suite's line is told.
    private static func find(
        _ request: EvaluationRequest,
        _ models: RunModels,
        _ registered: [JudgeDefinition]
    ) async throws(Diagnostic) -> ScorersFound {
        let hasPlugins = !request.runningFolders.isEmpty || !request.availableFolders.isEmpty
        let judge = hasPlugins ? try models.judgeOfPlugins() : nil
        do throws(Diagnostic) {
            return try await ScorersFound(
                running: request.runningFolders,
                available: request.availableFolders,
                policy: request.pluginPolicy,
                models: models.hub,
                judges: judges(request, registered),
                judge: judge
            )
        } catch {
            guard let folder = error.location.file, request.availableFolders.contains(folder),
                let place = request.pluginsLocation
            else { throw error }
            var error = error
            error.message += ": \(folder)"
            error.location = place
            throw error
        }
    }

    private static func judges(_ request: EvaluationRequest, _ registered: [JudgeDefinition]) -> [JudgeDefinition] {
        request.judges + registered.filter { other in !request.judges.contains { $0.name == other.name } }
    }

    /// The plan of a run that begins, or goes on.
    func plan(
        _ id: PublicID,
        for request: EvaluationRequest,
        lastTrace: Int64? = nil,
        resuming record: RunRecord? = nil
    ) -> RunPlan {
        let provenance = Provenance.current()
        return RunPlan(
            id: id,
            name: record?.listing.name ?? request.runName ?? RunName.of(id),
            experiment: request.experiment,
            tags: request.tags,
            hostVersion: HostVersion.current,
            configuration: request.stored(scorers: scorers, judges: judges, lastTrace: lastTrace),
            dataSource: request.rows.data ?? "-",
            gitCommit: provenance.gitCommit,
            gitDirty: provenance.gitDirty,
            machine: provenance.machine,
            owner: .current,
            startedMilliseconds: Int64(Date().timeIntervalSince1970 * 1000),
            scorers: scorers,
            notes: notes,
            repeats: request.rows.repeats,
            cluster: request.rows.cluster,
            seed: request.rows.seed
        )
    }

    /// Checks that the scorers of a resumed run are what they were.
    ///
    /// - Throws: The first scorer that differs, and in what.
    func check(against records: [ScorerRecord]) throws(Diagnostic) {
        for (now, then) in zip(scorers, records) {
            for (key, value) in now.provenance.members where then.provenance[key] != value {
                throw Diagnostic(
                    "the scorer '\(now.name)' is not the one that the run began with: its \(key) differs",
                    help: "Bring the old one back, begin a new run, or pass --allow-changed-scorers."
                )
            }
        }
    }

    /// The report of a run that ended just now or long ago.
    func report(
        of summary: RunSummary,
        _ plan: RunPlan,
        _ request: EvaluationRequest,
        experimentID: Int64
    ) -> Report {
        let skipping = Set(scorers.filter { $0.onMissing == .skip }.map(\.name))
        let outcomes = request.thresholds.map { threshold, _ in
            threshold.judged(by: summary, allows: request.allowance.allows, skips: skipping)
        }
        return Report(
            runID: plan.id,
            runName: plan.name,
            experimentID: experimentID,
            experiment: plan.experiment,
            dataSource: request.rows.data ?? "-",
            summary: summary,
            outcomes: outcomes,
            notes: plan.notes,
            scorers: scorers.map { ScorerFacts($0) },
            provenance: RunProvenance(plan, dataDigest: summary.dataDigest)
        )
    }
}

/// Names that people can say, for runs that got none.
enum RunName {
    private static let first = [
        "amber", "brisk", "calm", "clear", "early", "fair", "gentle", "keen", "lucid", "merry", "nimble", "plain",
        "quick", "quiet", "sharp", "steady",
    ]
    private static let second = [
        "alder", "badger", "crane", "dolphin", "ermine", "falcon", "heron", "ibis", "jackdaw", "lynx", "marten",
        "otter", "puffin", "raven", "stoat", "wren",
    ]

    /// A name made of a run's identifier.
    static func of(_ id: PublicID) -> String {
        let bits = Int(truncatingIfNeeded: id.bits & 0xFFFF_FFFF)
        return "\(first[bits & 15])-\(second[(bits >> 4) & 15])-\(bits >> 8 & 0xFFF)"
    }
}
