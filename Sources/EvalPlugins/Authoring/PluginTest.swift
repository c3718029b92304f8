// `plugin test`: scores the rows of cases.jsonl and compares.

public import EvalCore
internal import EvalJSON
internal import Foundation
internal import Synchronization

/// What came of one line of cases.jsonl.
public struct PluginCase: Sendable {
    /// The line, from 1.
    public let line: Int
    /// The scorer.
    public let scorer: String
    /// What was expected and what came instead; nil if the case passed.
    public let failure: String?
}

extension PluginProject {
    /// Scores the cases of the folder with the library that was built.
    ///
    /// - Returns: One result for each case, in their order.
    /// - Throws: Why the library can't be loaded, or what is wrong with a line.
    public func test(options: PluginOptions) async throws(Diagnostic) -> [PluginCase] {
        let file = "\(folder)/cases.jsonl"
        guard let data = FileManager.default.contents(atPath: file) else {
            throw Diagnostic(
                "there are no cases",
                at: .init(file: file),
                help: "Documentation/plugins.md describes them."
            )
        }
        guard FileManager.default.fileExists(atPath: library) else {
            throw Diagnostic("there is no library yet", at: .init(file: library), help: "Run `evalhost plugin build`.")
        }
        let judge = ScriptedJudge()
        var options = options
        options.judge = judge
        let catalog = await PluginCatalog.open([folder], options: options)
        if let refusal = catalog.refusals.first { throw refusal }
        var runner = CaseRunner(catalog: catalog, judge: judge)
        var results: [PluginCase] = []
        for (index, bytes) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if bytes.isEmpty || bytes.starts(with: Array("//".utf8)) { continue }
            do throws(Diagnostic) {
                results.append(try await runner.run(Array(bytes), line: index + 1))
            } catch {
                throw error.located(.init(file: file, line: index + 1))
            }
        }
        return results
    }
}

/// A judge that replies what a case says.
final class ScriptedJudge: JudgeClient {
    private let said = Mutex<JSON?>(nil)
    let model = "scripted"
    let concurrency = 1

    var reply: JSON? {
        get { said.withLock { $0 } }
        set { said.withLock { $0 = newValue } }
    }

    func ask(_ question: JudgeQuestion) async throws(ScorerError) -> JudgeAnswer {
        guard let reply else {
            throw ScorerError(code: "judge_unscripted", message: "the case has no `judge` that could reply")
        }
        return JudgeAnswer(reply: reply, model: model)
    }
}

/// Runs cases; an instance is used again by the cases with the same configuration.
private struct CaseRunner {
    let catalog: PluginCatalog
    let judge: ScriptedJudge
    private var scorers: [String: any EvalCore.Scorer] = [:]

    init(catalog: PluginCatalog, judge: ScriptedJudge) {
        self.catalog = catalog
        self.judge = judge
    }

    mutating func run(_ bytes: [UInt8], line: Int) async throws(Diagnostic) -> PluginCase {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: bytes)
        } catch {
            throw Diagnostic(error.description)
        }
        let session = json["session"]
        guard let name = json["scorer"]?.string, let expected = json["expect"], let given = json["row"] ?? session else {
            throw Diagnostic("a case has `scorer`, `row` or `session`, and `expect`")
        }
        let scorer = try await self.scorer(name, json["configuration"] ?? [:])
        judge.reply = json["judge"]
        let verdict: Verdict
        if let sessions = scorer as? any SessionScorer {
            guard let session else { throw Diagnostic("'\(name)' scores sessions: the case needs `session`, a list") }
            var turns: [Row] = []
            for turn in session.elements { turns.append(try row(turn)) }
            verdict = await sessions.score(session: EvalCore.Session(id: "case", turns: turns))
        } else {
            verdict = await scorer.score([try row(given)]).first ?? .skipped("no verdict")
        }
        return PluginCase(line: line, scorer: name, failure: difference(verdict, expected))
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

    private func difference(_ verdict: Verdict, _ expected: JSON) -> String? {
        let tolerance = expected["tolerance"]?.number ?? 1e-9
        if let code = expected["error"]?.string {
            if case .errored(let error) = verdict, error.code == code { return nil }
            return "expected the error \(code), got \(words(verdict))"
        }
        if expected["skipped"]?.boolean == true {
            if case .skipped = verdict { return nil }
            return "expected a skip, got \(words(verdict))"
        }
        var wanted = expected["feedback"]?.members.map { (Optional(String($0.key)), $0.value) } ?? []
        if let value = expected["value"] { wanted.insert((nil, value), at: 0) }
        if wanted.isEmpty { return "`expect` has neither value, feedback, error nor skipped" }
        for (name, value) in wanted {
            guard let found = verdict.values.first(where: { $0.name == name }) else {
                return "expected \(name ?? "a value") \(value), got \(words(verdict))"
            }
            if !isSame(found.value.json, value, tolerance) {
                return "expected \(name ?? "the value") \(value), got \(found.value.json)"
            }
        }
        return nil
    }

    private func isSame(_ found: JSON, _ expected: JSON, _ tolerance: Double) -> Bool {
        if let a = found.number, let b = expected.number { return abs(a - b) <= tolerance }
        return found == expected
    }

    private func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .errored(let error): "the error \(error)"
        case .skipped(let reason): "a skip (\(reason))"
        case .feedback, .feedbacks:
            verdict.values.map { "\($0.name ?? "value") \($0.value.json)" }.joined(separator: ", ")
        }
    }
}
