// The library that is checked: what its file says, what it says of itself, and what was found out about it so far.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON
internal import Foundation
internal import Synchronization

/// What the caller decides about a check of a library.
public struct ConformanceOptions: Sendable {
    /// How the library is run; only workers are used.
    public var plugins: PluginOptions
    /// Decides what is drawn.
    public var seed: UInt64
    /// How long rows and settings are made up; zero: a few hundred of them.
    public var fuzz: Duration
    /// The newest version of glibc that the library may need, `2.36`.
    public var glibc: String
    /// The numbers or names of the checks that are made; nil: all.
    public var only: Set<String>?
    /// The program that shares an instance between threads, as `sharing` of the command line does; nil: that isn't tried.
    public var sharing: [String]?

    /// Decides.
    public init(plugins: PluginOptions, seed: UInt64 = 1, fuzz: Duration = .zero, glibc: String? = nil) {
        self.plugins = plugins
        self.seed = seed
        self.fuzz = fuzz
        self.glibc = glibc ?? GlibcVersion.ofThisMachine
        only = nil
        sharing = nil
    }
}

/// A scorer of the library that is checked.
struct ScorerUnderTest: Sendable {
    let descriptor: ScorerDescriptor
    let scorer: PluginDescription.Scorer
    let index: Int
    let fields: [FieldDeclaration]
    /// A configuration with which it can be made, as far as that is known.
    let configuration: JSON
    /// The cases beside the library that are about it.
    let cases: [ConformanceCase]

    var name: String { scorer.name }
    var asksJudge: Bool { scorer.flags & EVALHOST_CALLS_JUDGE != 0 }
    var scoresSessions: Bool { scorer.flags & EVALHOST_SCORES_SESSION != 0 }
    var isDeterministic: Bool { scorer.flags & EVALHOST_DETERMINISTIC != 0 }
    var isThreadSafe: Bool { scorer.flags & EVALHOST_THREAD_SAFE != 0 }

    /// What this scorer is given for a row: a scorer of sessions gets it as the middle one of three turns.
    func given(_ row: JSON) -> ConformanceCase.Given {
        guard scoresSessions else { return .row(row) }
        let plain = RowMaker(self).plain
        return .session([plain, row, plain])
    }

    func makeCase(_ given: ConformanceCase.Given, judge: JSON? = nil) -> ConformanceCase {
        ConformanceCase(scorer: name, configuration: configuration, given: given, judge: judge)
    }
}

/// What is known of the library.
final class ConformanceSubject: Sendable {
    let path: String
    let options: ConformanceOptions
    /// What its file says; nil for what is no ELF file.
    let image: ELFDetails?
    /// Why its file can't be used.
    let fileProblem: Diagnostic?
    let library: PluginLibrary?
    /// Why it can't be loaded.
    let loadProblem: Diagnostic?
    /// What it printed while it was loaded.
    let loadingLines: [PluginLine]
    let scorers: [ScorerUnderTest]
    private let failed = Mutex<[String: Set<String>]>([:])

    /// Looks at a library, and has it describe itself.
    init(path: String, options: ConformanceOptions) async {
        self.path = path
        var options = options
        options.plugins.cacheFolder = nil
        options.plugins.lock = nil
        options.plugins.isolation = .process
        options.plugins.instances = 1
        options.plugins.judge = nil
        var image: ELFDetails?
        var fileProblem: Diagnostic?
        if !path.hasSuffix(".scorer.yaml") {
            do throws(Diagnostic) {
                image = try OpenedFile(path: path).checked().withBytes { ELFDetails($0) } ?? nil
            } catch {
                fileProblem = error
            }
        }
        self.image = image
        self.fileProblem = fileProblem
        let lines = Mutex<[PluginLine]>([])
        var library: PluginLibrary?
        var loadProblem: Diagnostic?
        if fileProblem == nil {
            var inspecting = options.plugins
            inspecting.hear = { line in lines.withLock { $0.append(line) } }
            do throws(Diagnostic) {
                library = try await PluginCatalog.inspect(path, options: inspecting)
            } catch {
                loadProblem = error
            }
        }
        self.options = options
        self.library = library
        self.loadProblem = loadProblem
        loadingLines = lines.withLock { $0 }
        let cases = ConformanceCase.beside(path)
        scorers = (library.map { Self.scorers(of: $0, cases) }) ?? []
    }

    private static func scorers(of library: PluginLibrary, _ cases: [ConformanceCase]) -> [ScorerUnderTest] {
        library.description.scorers.enumerated()
            .compactMap { index, scorer in
                guard let descriptor = library.descriptors.first(where: { $0.name == scorer.name }),
                    let fields = try? FieldDeclaration.list(scorer.reads)
                else { return nil }
                let own = cases.filter { $0.scorer == scorer.name }
                let configuration =
                    descriptor.hasDefaults
                    ? [:] : own.first { (try? descriptor.resolve($0.configuration)) != nil }?.configuration
                return ScorerUnderTest(
                    descriptor: descriptor,
                    scorer: scorer,
                    index: index,
                    fields: fields,
                    configuration: configuration ?? SettingVariants.required(descriptor),
                    cases: own
                )
            }
    }

    /// The scorers that do ordinary work: what fails there would fail everywhere, and is told once.
    var soundScorers: [ScorerUnderTest] {
        let broken = failed.withLock { $0.filter { !$0.value.isDisjoint(with: ["C16", "C20"]) } }
        return scorers.filter { broken[$0.name] == nil }
    }

    /// The scorers at which no check of a group failed so far.
    func scorers(passing group: ConformanceCheck.Group) -> [ScorerUnderTest] {
        let numbers = Set(ConformanceCheck.all.filter { $0.group == group }.map(\.number))
        let failed = failed.withLock { $0 }
        return soundScorers.filter { (failed[$0.name] ?? []).isDisjoint(with: numbers) }
    }

    /// Keeps what a check found.
    func note(_ findings: [ConformanceFinding], of check: ConformanceCheck) {
        failed.withLock { failed in
            for finding in findings where finding.severity == .failure {
                if let scorer = finding.scorer { failed[scorer, default: []].insert(check.number) }
            }
        }
    }

    /// Random numbers for a check.
    func generator(_ number: String, _ scorer: String = "") -> SeededGenerator {
        SeededGenerator(seed: options.seed, for: number + scorer)
    }

    /// A fresh worker for a check; nil where the library can't be loaded.
    func bench(
        judge: ConformanceJudge = ConformanceJudge(),
        _ change: (inout PluginOptions) -> Void = { _ in }
    ) -> ConformanceBench? {
        guard let library else { return nil }
        var options = options.plugins
        if scorers.contains(where: \.asksJudge) { options.judge = judge }
        change(&options)
        return ConformanceBench(library, options: options, judge: judge)
    }
}
