// Makes the checks of a library one after another, and runs again what one of them has found.

public import EvalCore
public import EvalJSON
internal import Foundation

/// What came of all checks.
public struct ConformanceReport: Sendable {
    /// The file.
    public let path: String
    /// The library's name; nil if it couldn't be read.
    public let library: String?
    /// Its version.
    public let version: String?
    /// SHA-256 of the file.
    public let digest: Digest?
    /// What decided what was drawn.
    public let seed: UInt64
    /// The checks, in their order.
    public var results: [ConformanceResult]
}

/// A case that was run again.
public struct ReplayedCase: Sendable {
    /// The line, from 1.
    public let line: Int
    /// What was given.
    public let given: ConformanceCase
    /// What came.
    public let words: String
    /// What is wrong with that; nil if nothing is.
    public let problem: String?
}

/// The validator of plugins.
public enum Conformance {
    /// Checks a library.
    ///
    /// - Parameters:
    ///   - path: The library.
    ///   - options: What is decided.
    ///   - folder: Where what was given to it is written, for every failure; nil: nowhere.
    ///   - tell: Called after each check.
    /// - Returns: What came of the checks.
    /// - Throws: That there is no such file or check, or that a file can't be written.
    public static func check(
        _ path: String,
        options: ConformanceOptions,
        reproducersIn folder: String?,
        tell: (ConformanceResult) -> Void
    ) async throws(Diagnostic) -> ConformanceReport {
        let checks = try chosen(options.only)
        guard FileManager.default.fileExists(atPath: path) else { throw Refusal.missing(path) }
        let subject = await ConformanceSubject(path: path, options: options)
        // That there is no worker or no sandbox is no fault of the library.
        if let problem = subject.loadProblem, problem.category == .unavailable { throw problem }
        let library = subject.library
        let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        var report = ConformanceReport(
            path: path,
            library: library?.description.name,
            version: library?.description.version,
            digest: library?.digest,
            seed: options.seed,
            results: []
        )
        for check in checks {
            let begin = ContinuousClock.now
            let outcome = await check.run(subject)
            var result = ConformanceResult(check, outcome, duration: ContinuousClock.now - begin)
            subject.note(result.findings, of: check)
            if let folder, check.isReplayable {
                let name = "\(library?.description.name ?? stem).\(check.number).jsonl"
                try write(&result, to: folder == "." ? name : "\(folder)/\(name)")
            }
            tell(result)
            report.results.append(result)
        }
        return report
    }

    private static func chosen(_ only: Set<String>?) throws(Diagnostic) -> [ConformanceCheck] {
        guard let only else { return ConformanceCheck.all }
        for word in only where !ConformanceCheck.all.contains(where: { $0.number == word || $0.name == word }) {
            throw Diagnostic(
                "there is no check '\(word)'",
                didYouMean: nearestWord(to: word, among: ConformanceCheck.all.map(\.name)),
                help: "`evalhost plugin check --list` lists them."
            )
        }
        return ConformanceCheck.all.filter { only.contains($0.number) || only.contains($0.name) }
    }

    /// Writes what was given where a check failed.
    private static func write(_ result: inout ConformanceResult, to path: String) throws(Diagnostic) {
        var lines = ""
        for index in result.findings.indices {
            guard let given = result.findings[index].given else { continue }
            for one in result.findings[index].before + [given] { lines += one.line + "\n" }
            result.findings[index].reproducer = path
        }
        guard !lines.isEmpty else { return }
        do {
            let folder = (path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(
                atPath: folder.isEmpty ? "." : folder,
                withIntermediateDirectories: true
            )
            try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
        } catch {
            throw Diagnostic("what failed can't be written: \(error.localizedDescription)", at: .init(file: path))
        }
    }

    /// Runs the cases of a file again, one after another and each alone.
    ///
    /// - Parameters:
    ///   - file: What a check wrote, or a plugin's own cases.
    ///   - path: The library.
    ///   - options: What is decided.
    /// - Returns: What came of each.
    /// - Throws: Why the library can't be loaded or the file not be read.
    public static func replay(
        _ file: String,
        on path: String,
        options: ConformanceOptions
    ) async throws(Diagnostic) -> [ReplayedCase] {
        let cases = try ConformanceCase.read(file)
        let subject = await ConformanceSubject(path: path, options: options)
        if let problem = subject.fileProblem ?? subject.loadProblem { throw problem }
        let judge = ConformanceJudge()
        guard let bench = subject.bench(judge: judge) else { return [] }
        var made: [String: any EvalCore.Scorer] = [:]
        var replayed: [ReplayedCase] = []
        for (index, one) in cases.enumerated() {
            func came(_ words: String, _ problem: String?) {
                replayed.append(ReplayedCase(line: index + 1, given: one, words: words, problem: problem))
            }
            guard let scorer = subject.scorers.first(where: { $0.name == one.scorer }) else {
                throw Diagnostic("there is no scorer '\(one.scorer)'", at: .init(file: file, line: index + 1))
            }
            let key = one.scorer + one.configuration.serialized
            do throws(Diagnostic) {
                let instance: any EvalCore.Scorer
                if let known = made[key] {
                    instance = known
                } else {
                    instance = try await bench.make(scorer, one.configuration)
                }
                made[key] = instance
                judge.manner = one.judge.map { .scripted($0) } ?? .fitting
                let verdict = await bench.score([one.given], with: instance).first ?? nil
                let alone = await subject.verdict(one)
                guard let verdict else {
                    came("nothing", "a row can't be so")
                    continue
                }
                let isOther = scorer.isDeterministic && verdict != alone && alone?.breach == nil
                let difference = isOther ? alone.map { "alone it is \($0.words)" } : nil
                came(verdict.words, (verdict.breach ?? alone?.breach)?.description ?? difference)
            } catch {
                came("no instance", error.message)
            }
        }
        await bench.end()
        return replayed
    }
}
