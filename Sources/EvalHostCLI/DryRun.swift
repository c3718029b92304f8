// `--dry-run` and `evalhost check`: everything is read and checked, nothing is asked, scored or stored.

internal import EvalCore
internal import EvalJSON
internal import EvalRunner
internal import EvalSuite
internal import Foundation

/// Checks an evaluation as far as that goes without a call.
struct DryRun {
    private let request: EvaluationRequest
    private let options: EvaluateOptions
    /// How many rows are read; nil for all.
    private let mostRows: Int?

    init(_ request: EvaluationRequest, _ options: EvaluateOptions, mostRows: Int? = nil) {
        self.request = request
        self.options = options
        self.mostRows = mostRows
    }

    /// What was found in the rows.
    private struct Found {
        var rows = 0
        var malformed = 0
        var first: Diagnostic?
        /// Rows without a field that a scorer needs, by scorer and field.
        var missing: [String: Int] = [:]
        /// What judges would ask.
        var estimate: CallEstimate
    }

    /// Checks, and tells what would happen.
    ///
    /// - Throws: What is wrong, or the exit status of rows that are.
    func run() async throws {
        let access = LazyStore(options.store, suite: request.store)
        let models = try RunModels(request.models)
        let judges = try await RegisteredJudges.of(request.experiment, in: access)
        let setup = try await EvaluationSetup(request, models: models, registered: judges, console: options.console)
        let predictor = try await ApplicationUnderTest.predictor(of: request, models: models)
        var found = Found(estimate: CallEstimate(setup.scorers, models: models.hub, repeats: request.rows.repeats))
        try await read(setup.scorers, predicts: predictor != nil, into: &found)
        await models.shutdown()
        guard found.rows > 0 else {
            throw Diagnostic("the data set has no record", at: .init(file: request.rows.data))
        }
        if let first = found.first, !request.allowance.allows(found.malformed, of: found.rows) { throw first }
        Console.output(text(setup, found))
        for (what, count) in found.missing.sorted(by: { $0.key < $1.key }) {
            Console.warning("\(what) in \(count) of \(found.rows) rows")
        }
    }

    private func text(_ setup: EvaluationSetup, _ found: Found) -> String {
        var lines = ["experiment   \(request.experiment)"]
        let more = mostRows.map { found.rows >= $0 } ?? false
        let malformed = found.malformed == 0 ? "" : ", \(found.malformed) of them malformed"
        lines.append("rows         \(more ? "the first " : "")\(found.rows) of \(request.rows.data ?? "-")\(malformed)")
        if request.rows.repeats > 1 { lines.append("repeats      \(request.rows.repeats)") }
        if let command = request.predict.command { lines.append("application  \(command)") }
        if let url = request.predict.url { lines.append("application  \(url)") }
        if let model = request.predict.model { lines.append("application  \(model)") }
        if request.predict.isGiven, !more { lines.append("calls        \(found.rows * request.rows.repeats)") }
        for scorer in setup.scorers {
            let configuration = scorer.configuration.count == 0 ? "" : "  \(scorer.configuration)"
            lines.append("scorer       \(scorer.name)  (\(scorer.scorer.descriptor.qualifiedName))\(configuration)")
        }
        lines += found.estimate.lines
        for (threshold, _) in request.thresholds { lines.append("threshold    \(threshold)") }
        for target in request.targets {
            lines.append("report       \(target.format) to \(target.path ?? "standard output")")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func read(_ scorers: [ScorerInstance], predicts: Bool, into found: inout Found) async throws {
        let needs = scorers.flatMap { scorer in
            scorer.onMissing == .skip ? [] : scorer.neededFields(predicts: predicts).map { (scorer.name, $0) }
        }
        let source =
            try await DataSource.open(request.rows) { () throws(Diagnostic) in
                try options.store.openExisting(suite: request.store)
            }
            .source
        while found.rows < mostRows ?? .max,
            let batch = try await source.next(limit: min(Limits.batchRows, (mostRows ?? .max) - found.rows))
        {
            for row in batch.decode() {
                found.rows += 1
                switch row.record {
                case .failure(let error):
                    found.malformed += 1
                    found.first = found.first ?? error
                case .success(let record):
                    found.estimate.add(record, trace: row.trace)
                    for (scorer, path) in needs {
                        let value = path.value(in: record.row)
                        if value == nil || value?.isNull == true {
                            found.missing["the scorer '\(scorer)' misses '\(path)'", default: 0] += 1
                        }
                    }
                }
            }
        }
    }
}

extension ScorerInstance {
    /// The fields of a row that it can't do without and that the row itself must bring.
    fileprivate func neededFields(predicts: Bool) -> [JSONPath] {
        scorer.descriptor.reads.compactMap { field in
            guard !field.hasSuffix("?"), !field.hasPrefix("spans("), !field.hasPrefix("trace") else { return nil }
            if predicts, field.hasPrefix("outputs") { return nil }
            return try? JSONPath(field)
        }
    }
}
