// What judges are to those who use them: scorers that ask models, bound to them or not yet.

public import EvalCore

/// A scorer of rows that asks models.
public protocol JudgeScorer: Scorer {
    /// The models that it asks.
    var models: [ModelName] { get }
    /// How many calls a row takes, as far as that can be known before.
    var callsPerRow: Double { get }

    /// The first requests about a row, one for each answer that is wanted: none where no model is needed.
    ///
    /// - Throws: What the row lacks.
    func questions(about row: Row) throws(ScorerError) -> [ModelRequest]
}

/// A scorer of conversations that asks models.
public protocol SessionJudgeScorer: SessionScorer {
    /// The models that it asks.
    var models: [ModelName] { get }
    /// How many calls a session takes, as far as that can be known before.
    var callsPerSession: Double { get }

    /// The first requests about a session, one for each answer that is wanted.
    ///
    /// - Throws: What the session lacks.
    func questions(about session: Session) throws(ScorerError) -> [ModelRequest]
}

/// A judge that has no model yet, as programs make it: `Correctness()`.
///
/// It can stand in a list of scorers; whoever runs the list binds it first. Asked unbound, it answers every row with an
/// error that says so.
public protocol UnboundJudge: Scorer {
    /// The judge with its models.
    ///
    /// - Parameter models: Where they come from.
    /// - Returns: A ``JudgeScorer`` or ``SessionJudgeScorer``.
    /// - Throws: What is wrong with a setting, or with a model's name, address or key.
    func bound(to models: any ModelDirectory) async throws(Diagnostic) -> any Scorer
}

extension UnboundJudge {
    /// A judge waits on a model.
    public var isSlow: Bool { true }

    /// Answers every row with an error: there is nobody to ask.
    public func score(_ rows: [Row]) async -> [Verdict] { rows.map { _ in .errored(.unbound(descriptor.name)) } }
}

/// A judge of evalhost that has no settings of its own.
public protocol StandardJudge: UnboundJudge {
    /// What the judge is called, reads and gives.
    var descriptor: ScorerDescriptor { get set }
    /// Whom it asks, how often, and how several answers become one.
    var options: JudgeOptions { get set }

    /// Makes the judge as it is usual.
    init()
}

extension StandardJudge {
    /// Makes the judge under another name, or with another model than the run's.
    ///
    /// - Parameters:
    ///   - name: The name of its feedback; nil for the judge's own.
    ///   - model: The model that judges; nil for the one of the options, or the run's.
    ///   - options: Whom it asks, how often, and how several answers become one.
    public init(name: String? = nil, model: String? = nil, options: JudgeOptions = JudgeOptions()) {
        self.init()
        if let name { descriptor.name = name }
        self.options = options.asking(model)
    }
}

extension ScorerError {
    /// A judge was asked before it had a model.
    static func unbound(_ name: String) -> ScorerError {
        ScorerError(code: "judge_unbound", message: "the judge '\(name)' has no model yet; bind it to one first")
    }
}

/// What a judge does about a row or a session.
enum Plan: Sendable {
    /// It needs no model.
    case decided(Verdict)
    /// It asks.
    case ask([Question])
}

/// What the judges of rows and of sessions share.
protocol JudgeParts: UnboundJudge {
    /// Whom it asks, how often, and how the answers become one.
    var options: JudgeOptions { get }
    /// How many questions it usually asks.
    var usualQuestions: Double { get }

    /// What the decisions come to.
    func verdict(_ decisions: [Decision]) -> Verdict
}

extension JudgeParts {
    var usualQuestions: Double { 1 }

    func verdict(_ decisions: [Decision]) -> Verdict {
        decisions.count == 1 ? .feedback(decisions[0].feedback) : .feedbacks(decisions.map(\.feedback))
    }

    /// The descriptor with the models in its origin.
    fileprivate func descriptor(_ engine: JudgeEngine) -> ScorerDescriptor {
        var copy = descriptor
        copy.origin = .judge(model: engine.clients.map(\.name.description).joined(separator: ", "))
        return copy
    }
}

/// A judge of rows: how a row becomes questions, and the decisions a verdict.
protocol RowJudge: JudgeParts {
    /// What is asked about a row.
    ///
    /// - Throws: What the row lacks.
    func plan(_ row: Row) throws(ScorerError) -> Plan
}

extension RowJudge {
    /// The judge with its models.
    public func bound(to models: any ModelDirectory) async throws(Diagnostic) -> any Scorer {
        BoundRowJudge(self, try JudgeEngine(options, of: descriptor, models: models))
    }
}

/// A judge of rows with its models.
struct BoundRowJudge: JudgeScorer {
    let descriptor: ScorerDescriptor
    private let judge: any RowJudge
    private let engine: JudgeEngine

    init(_ judge: any RowJudge, _ engine: JudgeEngine) {
        descriptor = judge.descriptor(engine)
        self.judge = judge
        self.engine = engine
    }

    var isSlow: Bool { true }
    var models: [ModelName] { engine.clients.map(\.name) }
    var callsPerRow: Double { judge.usualQuestions * Double(engine.options.answers) }

    func questions(about row: Row) throws(ScorerError) -> [ModelRequest] {
        guard case .ask(let questions) = try judge.plan(row) else { return [] }
        return questions.flatMap { engine.requests($0, repetition: row.repetition) }
    }

    func score(_ rows: [Row]) async -> [Verdict] {
        if rows.count == 1 { return [await verdict(about: rows[0])] }
        return await concurrently(rows, atMost: max(1, engine.clients.map(\.concurrency).max() ?? 1)) {
            await verdict(about: $0)
        }
    }

    private func verdict(about row: Row) async -> Verdict {
        do throws(ScorerError) {
            switch try judge.plan(row) {
            case .decided(let verdict): return verdict
            case .ask(let questions):
                return judge.verdict(try await engine.decide(questions, repetition: row.repetition))
            }
        } catch {
            return .errored(error)
        }
    }
}

/// A judge of sessions: how a session becomes questions, and the decisions a verdict.
protocol SessionJudge: JudgeParts, SessionScorer {
    /// What is asked about a session.
    ///
    /// - Throws: What the session lacks.
    func plan(_ session: Session) throws(ScorerError) -> Plan
}

extension SessionJudge {
    /// The judge with its models.
    public func bound(to models: any ModelDirectory) async throws(Diagnostic) -> any Scorer {
        BoundSessionJudge(self, try JudgeEngine(options, of: descriptor, models: models))
    }

    /// Answers every session with an error: there is nobody to ask.
    public func score(session: Session) async -> Verdict { .errored(.unbound(descriptor.name)) }

    /// Answers every row with an error: there is nobody to ask.
    public func score(_ rows: [Row]) async -> [Verdict] { rows.map { _ in .errored(.unbound(descriptor.name)) } }
}

/// A judge of sessions with its models.
struct BoundSessionJudge: SessionJudgeScorer {
    let descriptor: ScorerDescriptor
    private let judge: any SessionJudge
    private let engine: JudgeEngine

    init(_ judge: any SessionJudge, _ engine: JudgeEngine) {
        descriptor = judge.descriptor(engine)
        self.judge = judge
        self.engine = engine
    }

    var isSlow: Bool { true }
    var models: [ModelName] { engine.clients.map(\.name) }
    var callsPerSession: Double { judge.usualQuestions * Double(engine.options.answers) }

    func questions(about session: Session) throws(ScorerError) -> [ModelRequest] {
        guard case .ask(let questions) = try judge.plan(session) else { return [] }
        return questions.flatMap { engine.requests($0, repetition: session.repetition) }
    }

    func score(session: Session) async -> Verdict {
        do throws(ScorerError) {
            switch try judge.plan(session) {
            case .decided(let verdict): return verdict
            case .ask(let questions):
                return judge.verdict(try await engine.decide(questions, repetition: session.repetition))
            }
        } catch {
            return .errored(error)
        }
    }
}
