// What a run stores of its request, and how `--resume` gets it back: what is given again must be what it was.

internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalRunner
internal import EvalSuite

extension EvaluationRequest {
    /// The configuration that the run stores: everything that decides its values, nothing that is secret.
    func stored(scorers: [ScorerInstance], judges: [JudgeDefinition], lastTrace: Int64?) -> JSON {
        [
            "experiment": JSON(experiment),
            "run_name": runName.map { JSON($0) } ?? .null,
            "data": rows.data.map { JSON(Self.absolute($0)) } ?? .null,
            "map": .array(rows.mapping.sources.map { JSON($0) }),
            "filter": rows.selection.filter.map { JSON($0.description) } ?? .null,
            "sample": rows.selection.sample.map { JSON($0) } ?? .null,
            "limit": rows.selection.limit.map { JSON($0) } ?? .null,
            "seed": JSON(Int64(clamping: rows.seed)),
            "repeats": JSON(rows.repeats),
            "cluster": rows.cluster.map { JSON($0.description) } ?? .null,
            "last_trace": lastTrace.map { JSON($0) } ?? .null,
            "predict": predict.stored,
            "judge": judge.json,
            "judges": .array(judges.map(\.json)),
            "plugins": .array((runningFolders + availableFolders).map { JSON(Self.absolute($0)) }),
            "scorers": .array(scorers.map(\.provenance)),
            "thresholds": .array(
                thresholds.map { .array([JSON($0.threshold.metric), JSON($0.threshold.bound.description)]) }
            ),
            "max_errors": JSON(allowance.description),
            "tags": .object(tags.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }),
            "plugin_policy": .object(pluginPolicy.stored),
        ]
    }

    /// Restores what a run stored, which `--resume` needs no suite for.
    ///
    /// - Throws: Which option was given again and differs, or that the stored configuration is damaged.
    init(restoring stored: JSON, options: EvaluateOptions) throws(Diagnostic) {
        // What may change comes from the flags.
        self = try EvaluationRequest(options, suite: nil)
        let given = self
        experiment = stored["experiment"]?.string ?? experiment
        runName = stored["run_name"]?.string ?? runName
        rows = try Rows(stored: stored)
        predict = PredictSection(stored: stored["predict"] ?? .null)
        judge = JudgeSection(stored: stored["judge"] ?? .null)
        judge.cache = options.models.judgeCache ?? judge.cache
        judges = []
        for entry in stored["judges"].map({ Array($0.elements) }) ?? [] { judges.append(try JudgeDefinition(entry)) }
        predict.concurrency = given.predict.concurrency ?? predict.concurrency
        predict.processes = given.predict.processes ?? predict.processes
        predict.inFlight = given.predict.inFlight ?? predict.inFlight
        availableFolders = stored["plugins"].map { $0.elements.compactMap(\.string) } ?? []
        runningFolders = []
        tags = Dictionary(
            (stored["tags"].map { Array($0.members) } ?? []).map { (String($0.key), $0.value.string ?? "") },
            uniquingKeysWith: { $1 }
        )
        pluginPolicy.restore(stored["plugin_policy"] ?? .null, given: options.plugins)
        var specs: [ScorerSpec] = []
        for entry in stored["scorers"].map({ Array($0.elements) }) ?? [] { specs.append(try Self.spec(entry)) }
        scorers = specs
        thresholds = []
        for pair in stored["thresholds"].map({ Array($0.elements) }) ?? [] {
            guard let metric = pair[0]?.string, let bound = pair[1]?.string.flatMap(Bound.init) else { continue }
            thresholds.append((Threshold(metric: metric, bound: bound), .init()))
        }
        if options.maxErrors == nil, let text = stored["max_errors"]?.string, let old = ErrorAllowance(text) {
            allowance = old
        }
        try compare(given, options)
    }

    /// What was given again must be what it was.
    private func compare(_ given: EvaluationRequest, _ options: EvaluateOptions) throws(Diagnostic) {
        func differs(_ key: String, _ old: String?, _ new: String) -> Diagnostic {
            Diagnostic(
                "the run was begun with \(old.map { "the \(key) \($0)" } ?? "no \(key)"), not \(new)",
                help: "A resumed run keeps its configuration; leave the option out, or begin a new run."
            )
        }
        if options.suite != nil { throw Diagnostic("--resume restores the suite; give none") }
        if let name = options.experiment, name != experiment { throw differs("experiment", experiment, name) }
        if let name = options.runName, name != runName { throw differs("run name", runName, name) }
        let row = options.rows
        if let new = row.data, Self.absolute(new) != rows.data, rows.data?.hasPrefix("\(new)@") != true {
            throw differs("data", rows.data, new)
        }
        if !row.map.isEmpty, given.rows.mapping != rows.mapping {
            throw differs("map", rows.mapping.isEmpty ? nil : rows.mapping.description, given.rows.mapping.description)
        }
        let words: [(key: String, old: String?, new: String?)] = [
            ("filter", rows.selection.filter?.description, row.filter),
            ("sample", rows.selection.sample.map { String($0) }, row.sample.map { String($0) }),
            ("limit", rows.selection.limit.map { String($0) }, row.limit.map { String($0) }),
            ("seed", String(rows.seed), row.seed.map { String($0) }),
            ("repeats", String(rows.repeats), row.repeats.map { String($0) }),
            ("cluster", rows.cluster?.description, row.cluster),
            ("predict command", predict.command, options.application.predictCommand),
            ("predict URL", predict.url, options.application.predictURL),
            ("output path", predict.outputPath, options.application.predictOutputPath),
            ("model", predict.model, options.application.model),
            ("prompt", predict.prompt, options.application.prompt.map(Self.absolute)),
            ("judge model", judge.model, options.models.judgeModel),
            ("judge base URL", judge.endpoint["base_url"]?.string, options.models.judgeBaseURL),
        ]
        for (key, old, new) in words {
            if let new, new != old { throw differs(key, old, new) }
        }
        let folders = options.plugins.folders.map(Self.absolute)
        if !folders.isEmpty, folders != availableFolders {
            throw differs("plugins", availableFolders.joined(separator: ", "), folders.joined(separator: ", "))
        }
        if !options.tags.isEmpty, given.tags != tags { throw Diagnostic("the run was begun with other tags") }
        for (threshold, _) in given.thresholds where !thresholds.contains(where: { $0.threshold == threshold }) {
            throw Diagnostic("the run was begun without the threshold '\(threshold)'")
        }
    }

    private static func spec(_ entry: JSON) throws(Diagnostic) -> ScorerSpec {
        guard let scorer = entry["scorer"]?.string else { throw Diagnostic("the stored configuration is damaged") }
        var spec = try ScorerSpec(scorer)
        spec.name = entry["name"]?.string
        spec.configuration = entry["configuration"] ?? [:]
        if let reads = entry["reads"] { spec.reads = try FieldBinding.list(reads) }
        if let pass = entry["pass"]?.string { spec.pass = pass == "yes" ? .yes : PassRule(pass) }
        spec.aggregations = entry["aggregations"].map { $0.elements.compactMap { $0.string.flatMap(Aggregation.init) } }
        spec.onMissing = entry["on_missing"]?.string.flatMap(ScorerInstance.OnMissing.init) ?? .error
        return spec
    }
}

extension PredictSection {
    /// What a run stores of it: the prompt by its whole path.
    fileprivate var stored: JSON {
        var copy = self
        copy.prompt = prompt.map(EvaluationRequest.absolute)
        return copy.json
    }
}

extension EvaluationRequest.Rows {
    /// Restores what a run stored.
    init(stored: JSON) throws(Diagnostic) {
        data = stored["data"]?.string
        mapping = try RowMapping(stored["map"].map { $0.elements.compactMap(\.string) } ?? [])
        selection.filter = try stored["filter"]?.string.map { source throws(Diagnostic) in try RowFilter(source) }
        selection.sample = stored["sample"]?.integer.map { Int($0) }
        selection.limit = stored["limit"]?.integer.map { Int($0) }
        seed = UInt64(clamping: stored["seed"]?.integer ?? 0)
        selection.seed = seed
        repeats = Int(stored["repeats"]?.integer ?? 1)
        cluster = try stored["cluster"]?.string.map { field throws(Diagnostic) in try Self.cluster(field) }
        lastTrace = stored["last_trace"]?.integer
    }
}
