// Instructions become a task: variables become names of blocks, and the blocks hold what the row has there.

internal import EvalCore
internal import EvalJSON

/// How one judge in plain language puts its questions.
struct PlainTask: Sendable {
    private let definition: JudgeDefinition
    /// The names of the blocks, by variable.
    private let labels: [JudgeVariable: String]

    init(_ definition: JudgeDefinition) {
        self.definition = definition
        var labels: [JudgeVariable: String] = [:]
        for variable in definition.instructions.variables {
            let plain = variable.description.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "_" }
            var label = String(plain.prefix(64))
            while labels.values.contains(label) { label += "_" }
            labels[variable] = label
        }
        self.labels = labels
    }

    /// The question about one row or session.
    ///
    /// - Parameters:
    ///   - trace: The trace that is walked.
    ///   - add: Adds what a variable names, under the label, to the evidence.
    /// - Returns: The question.
    /// - Throws: What the row lacks.
    func question(
        walking trace: Trace? = nil,
        _ add: (JudgeVariable, String, inout Evidence) throws(ScorerError) -> Void
    ) throws(ScorerError) -> Question {
        var evidence = Evidence()
        for variable in definition.instructions.variables {
            try add(variable, labels[variable] ?? variable.root.rawValue, &evidence)
        }
        return Question(
            task: task,
            evidence: examples + evidence.content,
            form: .result(definition.result),
            walk: trace.map { Question.Walk(trace: $0, steps: definition.maxSteps) }
        )
    }

    /// The instructions with names of blocks for variables, and what the values mean.
    private var task: String {
        let words = definition.instructions.pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .variable(let variable): "[\(labels[variable] ?? variable.root.rawValue)]"
            }
        }
        var lines = [words.joined()]
        if definition.judgesSessions {
            lines.append("The conversation is in the blocks [turn_N_user] and [turn_N_assistant], turn by turn.")
        }
        switch definition.result {
        case .value(let value): lines.append("The result is \(value.meaning).")
        case .fields(let fields):
            lines.append("The result has these fields:")
            lines += fields.map { "- \($0.name): \($0.value.meaning)." + ($0.help.map { " \($0)" } ?? "") }
        }
        return lines.joined(separator: "\n")
    }

    /// The examples of the judge, as blocks: they too may quote what others wrote.
    private var examples: [ModelContent] {
        guard !definition.examples.isEmpty else { return [] }
        var content: [ModelContent] = []
        for (place, example) in definition.examples.enumerated() {
            content.append(.text("Example \(place + 1), with the reply that is right for it:"))
            var evidence = Evidence()
            for (key, value) in example.row.members { evidence.add("example_\(place + 1)_\(key)", valueOf: value) }
            let reply: JSON = ["rationale": JSON(example.rationale ?? ""), "result": example.result]
            evidence.add("example_\(place + 1)_reply", reply.serialized)
            content += evidence.content
        }
        return content + [.text("The data to judge now:")]
    }
}

extension JudgeValue {
    /// What a result may be, for the model.
    fileprivate var meaning: String {
        switch self {
        case .boolean: "true or false"
        case .yesNo: #""yes" or "no""#
        case .number(let range): "a number from \(JSON(range.lowerBound)) to \(JSON(range.upperBound))"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .category(let labels):
            "one of "
                + labels.map { "\(JSON($0.name))" + ($0.meaning.map { " (\($0))" } ?? "") }.joined(separator: ", ")
        }
    }
}
