// Judges in plain language as scorers of rows and of sessions.

internal import EvalCore
internal import EvalJSON

/// What both kinds share.
struct PlainParts: Sendable {
    let descriptor: ScorerDescriptor
    let options: JudgeOptions
    let task: PlainTask
    private let result: JudgeResult

    init(_ definition: JudgeDefinition, _ options: JudgeOptions) throws(Diagnostic) {
        if let vote = options.vote, let value = definition.result.values.first(where: { !vote.fits($0) }) {
            throw Diagnostic(
                "the vote '\(vote.rawValue)' doesn't fit a \(value.type.word) value of '\(definition.name)'",
                help: "It can be: \(JudgeVote.fitting(value).map(\.rawValue).joined(separator: ", ")).",
                setting: "vote"
            )
        }
        descriptor = .plain(definition, options)
        self.options = options
        task = PlainTask(definition)
        result = definition.result
    }

    /// The value, and with several fields each of them under its name.
    func verdict(_ decision: Decision) -> Verdict {
        guard case .fields(let fields) = result else { return .feedback(decision.feedback) }
        let named = zip(fields, decision.values).map { Feedback($1, name: $0.name) }
        return .feedbacks([decision.feedback] + named)
    }
}

/// A judge in plain language of rows.
struct PlainRowJudge: RowJudge {
    let parts: PlainParts
    let walks: Bool

    var descriptor: ScorerDescriptor { parts.descriptor }
    var options: JudgeOptions { parts.options }
    // A walk takes a look at the root, a list and a few steps.
    var usualQuestions: Double { walks ? 5 : 1 }

    func plan(_ row: Row) throws(ScorerError) -> Plan {
        let question = try parts.task.question(walking: walks ? row.trace : nil) {
            variable,
            label,
            evidence throws(ScorerError) in
            guard variable.root != .trace else { return evidence.add(label, TraceTools(row.trace).summary) }
            guard let value = row.field(variable.path), !value.isNull else {
                throw .missingField(variable.description)
            }
            if variable.root == .inputs, variable.path.steps.count == 1 {
                evidence.add(label, request: value)
            } else {
                evidence.add(label, valueOf: value)
            }
        }
        return .ask([question])
    }

    func verdict(_ decisions: [Decision]) -> Verdict { parts.verdict(decisions[0]) }
}

/// A judge in plain language of sessions.
struct PlainSessionJudge: SessionJudge {
    let parts: PlainParts

    var descriptor: ScorerDescriptor { parts.descriptor }
    var options: JudgeOptions { parts.options }

    func plan(_ session: Session) throws(ScorerError) -> Plan {
        let question = try parts.task.question { variable, label, evidence throws(ScorerError) in
            guard variable.root != .conversation else { return try evidence.add(session) }
            let expectations = session.expectations ?? .null
            guard let value = variable.path.value(in: ["expectations": expectations]), !value.isNull else {
                throw .missingField(variable.description)
            }
            evidence.add(label, valueOf: value)
        }
        return .ask([question])
    }

    func verdict(_ decisions: [Decision]) -> Verdict { parts.verdict(decisions[0]) }
}

extension JudgeDefinition {
    /// Whom the judge asks by itself.
    var options: JudgeOptions {
        JudgeOptions(models: models, vote: vote, samples: samples, parameters: parameters, endpoint: endpoint)
    }

    /// The judge as a scorer that has no model yet.
    ///
    /// - Throws: What is wrong with the options.
    func judge(_ options: JudgeOptions) throws(Diagnostic) -> any UnboundJudge {
        let parts = try PlainParts(self, options)
        return judgesSessions ? PlainSessionJudge(parts: parts) : PlainRowJudge(parts: parts, walks: walksTrace)
    }
}

extension ScorerDescriptor {
    /// The descriptor of a judge in plain language; its version is the digest of its definition.
    static func plain(_ definition: JudgeDefinition, _ options: JudgeOptions) -> ScorerDescriptor {
        let main = definition.result.main
        var feedbacks: [DeclaredFeedback] = []
        if case .fields(let fields) = definition.result {
            feedbacks = fields.map { DeclaredFeedback(name: $0.name, value: $0.value.type(options)) }
        }
        var reads = definition.instructions.variables.flatMap { variable in
            variable.root == .conversation ? ["inputs", "outputs"] : [variable.description]
        }
        reads = reads.enumerated().filter { !reads[..<$0.offset].contains($0.element) }.map(\.element)
        return ScorerDescriptor(
            definition.name,
            version: String(definition.digest.description.prefix(12)),
            origin: .judge(model: nil),
            help: definition.help.isEmpty ? "A judge in plain language." : definition.help,
            reads: reads,
            value: main.type(options),
            range: main.range,
            pass: definition.pass ?? main.pass,
            aggregations: main.type(options).shares,
            feedbacks: feedbacks,
            settings: JudgeOptions.settings(votes: JudgeVote.fitting(main)),
            scope: definition.judgesSessions ? .session : .row,
            asksJudge: true
        )
    }
}

extension JudgeValue {
    /// The type of the value that several answers come to: the mean of whole numbers need not be one.
    fileprivate func type(_ options: JudgeOptions) -> ValueType {
        let isMean = (options.vote ?? .standard(for: self)) == .mean
        if case .integer = self, options.answers > 1, isMean { return .number }
        return type
    }

    fileprivate var range: ClosedRange<Double>? {
        switch self {
        case .number(let range): range
        case .integer(let range): Double(range.lowerBound)...Double(range.upperBound)
        case .boolean, .yesNo, .category: nil
        }
    }

    fileprivate var pass: PassRule? {
        switch self {
        case .boolean, .yesNo: .yes
        case .number, .integer, .category: nil
        }
    }
}
