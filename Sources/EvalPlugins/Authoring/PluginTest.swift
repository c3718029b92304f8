// `plugin test`: scores the golden rows with the library that was built, and compares.

public import EvalCore
internal import EvalJSON
internal import Foundation

/// What came of one golden row.
public struct PluginCase: Sendable {
    /// The file, below the plugin's folder.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The scorer.
    public let scorer: String
    /// What was expected and what came instead; nil if the row passed.
    public var failure: String?
    /// What the sanitizers said of it; nil if nothing.
    public var report: String?
}

/// What came of all golden rows.
public struct PluginTestOutcome: Sendable {
    /// One result for each row, in their order.
    public var cases: [PluginCase] = []
    /// What the sanitizers said when the plugin had ended: memory that nobody frees; nil if nothing.
    public var leaks: String?
    /// What could not be looked at on this machine; nil if all was.
    public var note: String?

    /// Whether nothing is wrong.
    public var isSuccess: Bool { leaks == nil && cases.allSatisfy { $0.failure == nil } }
}

extension PluginProject {
    /// Scores the golden rows of the folder with the library that was built.
    ///
    /// - Returns: What came of them.
    /// - Throws: Why the library can't be loaded, or what is wrong with a line.
    public func test(options: PluginOptions) async throws(Diagnostic) -> PluginTestOutcome {
        let rows = try goldenRows()
        guard FileManager.default.fileExists(atPath: library) else {
            throw Diagnostic("there is no library yet", at: .init(file: library), help: "Run `evalhost plugin build`.")
        }
        var runner = try await GoldenRowRunner(folder: folder, options: options)
        var outcome = PluginTestOutcome()
        for row in rows { outcome.cases.append(try await runner.run(row, in: self)) }
        return outcome
    }
}

/// Scores golden rows; an instance is used again by the rows with the same configuration.
struct GoldenRowRunner {
    let catalog: PluginCatalog
    private let judge: ScriptedJudge
    private var scorers: [String: any EvalCore.Scorer] = [:]

    /// Opens the libraries of a folder.
    ///
    /// - Throws: Why one can't be used.
    init(folder: String, options: PluginOptions) async throws(Diagnostic) {
        judge = ScriptedJudge()
        var options = options
        options.judge = judge
        catalog = await PluginCatalog.open([folder], options: options)
        if let refusal = catalog.refusals.first { throw refusal }
    }

    /// Scores a row.
    ///
    /// - Throws: What is wrong with the line, or with the scorer's settings.
    mutating func run(_ row: GoldenRow, in project: PluginProject) async throws(Diagnostic) -> PluginCase {
        do throws(Diagnostic) {
            return try await run(row)
        } catch {
            throw error.located(.init(file: "\(project.folder)/\(row.file)", line: row.line))
        }
    }

    private mutating func run(_ golden: GoldenRow) async throws(Diagnostic) -> PluginCase {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: golden.bytes)
        } catch {
            throw Diagnostic(error.description)
        }
        let session = json["session"]
        guard let name = json["scorer"]?.string, let expected = json["expect"], let given = json["row"] ?? session
        else {
            throw Diagnostic("a golden row has `scorer`, `row` or `session`, and `expect`")
        }
        let scorer = try await self.scorer(name, json["configuration"] ?? [:])
        judge.reply = json["judge"]
        let verdict: Verdict
        if let sessions = scorer as? any SessionScorer {
            guard let session else { throw Diagnostic("'\(name)' scores sessions: the row needs `session`, a list") }
            var turns: [Row] = []
            for turn in session.elements { turns.append(try row(turn)) }
            verdict = await sessions.score(session: EvalCore.Session(id: "case", turns: turns))
        } else {
            verdict = await scorer.score([try row(given)]).first ?? .skipped("no verdict")
        }
        let failure = Expectation(expected).difference(from: verdict)
        return PluginCase(file: golden.file, line: golden.line, scorer: name, failure: failure)
    }

    private mutating func scorer(_ name: String, _ configuration: JSON) async throws(Diagnostic) -> any EvalCore.Scorer
    {
        let key = name + configuration.serialized
        if let made = scorers[key] { return made }
        guard let descriptor = catalog.descriptors.first(where: { $0.name == name }) else {
            let names = catalog.descriptors.map(\.name)
            throw Diagnostic("the library has no scorer '\(name)'", didYouMean: nearestWord(to: name, among: names))
        }
        let resolved = try descriptor.resolve(configuration)
        let made = try await catalog.make(descriptor, configuration: resolved, timeout: nil)
        scorers[key] = made
        return made
    }

    /// A row as the loop would make it; `inputs` may be left out here.
    private func row(_ given: JSON) throws(Diagnostic) -> Row {
        guard given.kind == .object else { throw Diagnostic("`row` must be an object") }
        let members = given.members.map { (String($0.key), $0.value) }
        let record = try Record(row: given["inputs"] == nil ? .object(members + [("inputs", [:])]) : given)
        return Row(
            record: record,
            outputs: record.outputs,
            trace: .pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
        )
    }
}
