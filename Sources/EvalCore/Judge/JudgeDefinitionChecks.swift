// What must hold between the parts of a judge in plain language; each message names the key at fault.

internal import EvalJSON

extension JudgeDefinition {
    /// Checks all parts.
    ///
    /// - Throws: What doesn't fit.
    func check() throws(Diagnostic) {
        guard Self.isName(name) else {
            throw Diagnostic(
                "the judge's name '\(name.prefix(64))' must be [a-z][a-z0-9_]{0,62}",
                help: "For example is_polite.",
                setting: "name"
            )
        }
        try at(key: "instructions", checkInstructions)
        try at(key: "value", result.check)
        for example in examples { try at(key: "examples") { () throws(Diagnostic) in try check(example) } }
        try checkModels()
        try checkVote()
        try checkPass()
    }

    private func checkInstructions() throws(Diagnostic) {
        guard instructions.source.utf8.count <= 256 << 10 else {
            throw Diagnostic("the instructions have over 256 KiB")
        }
        let variables = instructions.variables
        guard !variables.isEmpty else {
            throw Diagnostic(
                "the instructions of '\(name)' name nothing to judge",
                help: "Put in at least one of {{ inputs }}, {{ outputs }}, {{ expectations }}, {{ trace }} and "
                    + "{{ conversation }}."
            )
        }
        let others = variables.filter { $0.root != .conversation && $0.root != .expectations }
        if judgesSessions, let other = others.first {
            throw Diagnostic(
                "'{{ conversation }}' can't stand beside '{{ \(other) }}' in the instructions of '\(name)'",
                help: "A judge of conversations sees all turns; only {{ expectations }} may stand beside them."
            )
        }
    }

    private func check(_ example: JudgeExample) throws(Diagnostic) {
        let roots = Set(instructions.variables.map(\.root)).subtracting([.trace])
        let keys = JudgeVariable.Root.allCases.filter(roots.contains).map(\.rawValue)
        guard !keys.isEmpty else { throw Diagnostic("a judge that is told nothing but a trace has no examples") }
        guard example.row.members.first(where: { _ in true }) != nil else {
            throw Diagnostic("an example of '\(name)' has none of: \(keys.joined(separator: ", "))")
        }
        try example.row.allow(keys: keys, in: "an example of '\(name)'")
        guard result.fits(example.result) else {
            throw Diagnostic("the 'result' of an example is no value that '\(name)' may give")
        }
    }

    private func checkModels() throws(Diagnostic) {
        guard models.count <= 16 else { throw Diagnostic("'model' must have at most 16 models", setting: "model") }
        for model in models { _ = try at(key: "model") { () throws(Diagnostic) in try ModelName(model) } }
        guard endpoint.isNull || endpoint.kind == .object else {
            throw Diagnostic("'endpoint' must be an object", setting: "endpoint")
        }
        guard (1...100).contains(samples) else {
            throw Diagnostic("'samples' must be a whole number from 1 to 100", setting: "samples")
        }
        guard (1...1000).contains(maxSteps) else {
            throw Diagnostic("'max_steps' must be a whole number from 1 to 1000", setting: "max_steps")
        }
    }

    private func checkVote() throws(Diagnostic) {
        guard let vote, let value = result.values.first(where: { !vote.fits($0) }) else { return }
        let fitting = JudgeVote.fitting(value).map(\.rawValue).joined(separator: ", ")
        throw Diagnostic(
            "the vote '\(vote.rawValue)' doesn't fit a \(value.type.word) value of '\(name)'",
            help: "It can be: \(fitting).",
            setting: "vote"
        )
    }

    private func checkPass() throws(Diagnostic) {
        let known: [String]
        let isCategory: Bool
        switch result.main {
        case .category(let labels): (known, isCategory) = (labels.map(\.name), true)
        case .yesNo: (known, isCategory) = (["yes", "no"], false)
        case .boolean, .number, .integer: (known, isCategory) = ([], false)
        }
        let passing: [String]
        switch pass {
        case .labels(let labels)?: passing = labels
        case .yes? where isCategory: passing = ["yes"]
        case .bound? where isCategory:
            throw Diagnostic(
                "'pass' of '\(name)' must be labels, since its values are no numbers",
                help: "For example: \(known.prefix(2).joined(separator: "|")).",
                setting: "pass"
            )
        default: return
        }
        guard let label = passing.first(where: { !known.contains($0) }) else { return }
        throw Diagnostic(
            "'\(name)' never says '\(label)', so that no row could pass by it",
            didYouMean: nearestWord(to: label, among: known),
            setting: "pass"
        )
    }
}

extension JudgeResult {
    /// Whether a JSON value is an answer of this form.
    func fits(_ json: JSON) -> Bool {
        switch self {
        case .value(let value): value.feedback(json) != nil
        case .fields(let fields):
            json.count == fields.count
                && fields.allSatisfy { field in json[field.name].flatMap(field.value.feedback) != nil }
        }
    }
}
