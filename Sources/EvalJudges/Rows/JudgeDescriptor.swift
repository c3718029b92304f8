// What the descriptors of judges have in common.

internal import EvalCore
internal import EvalJSON

extension ScorerDescriptor {
    /// The descriptor of a judge that answers yes or no, unless another value is named.
    static func judge(
        _ name: String,
        help: String,
        reads: [String],
        value: JudgeValue = .yesNo,
        range: ClosedRange<Double>? = nil,
        lowerIsBetter: Bool = false,
        pass: PassRule? = .yes,
        feedbacks: [DeclaredFeedback] = [],
        settings: [Setting] = [],
        scope: ScorerScope = .row
    ) -> ScorerDescriptor {
        ScorerDescriptor(
            name,
            origin: .judge(model: nil),
            help: help,
            reads: reads,
            value: value.type,
            range: range,
            lowerIsBetter: lowerIsBetter,
            pass: pass,
            aggregations: value.type.shares,
            feedbacks: feedbacks,
            settings: settings + JudgeOptions.settings(votes: JudgeVote.fitting(value)),
            scope: scope,
            asksJudge: true
        )
    }

    /// The descriptor under another name.
    func named(_ name: String?) -> ScorerDescriptor {
        var copy = self
        if let name { copy.name = name }
        return copy
    }
}

extension ValueType {
    /// What a report shows of labels, which have no mean: the share of each; nothing for other values.
    var shares: [Aggregation] {
        // A metric's name ends behind its last slash.
        guard case .category(let labels) = self, !labels.contains(where: { $0.contains("/") }) else { return [] }
        return labels.map { .share($0) }
    }
}

/// A judge that the catalog can make from settings.
protocol BuiltInJudge: UnboundJudge {
    static var descriptor: ScorerDescriptor { get }

    /// Takes a configuration that the descriptor has resolved, so that types and defaults are right.
    init(configuration: JSON) throws(Diagnostic)
}

extension BuiltInJudge where Self: StandardJudge {
    static var descriptor: ScorerDescriptor { Self().descriptor }

    init(configuration: JSON) throws(Diagnostic) {
        self.init()
        options = try JudgeOptions(configuration: configuration)
    }
}

extension Setting {
    /// What is demanded of answers.
    static let guidelines = Setting(
        "guidelines",
        .texts,
        required: true,
        help: "What every answer must keep to: a text or several."
    )
}

extension JSON {
    /// The guidelines among resolved settings.
    ///
    /// - Throws: That there is none, or too many.
    func guidelines() throws(Diagnostic) -> [String] {
        let texts = self["guidelines"]?.elements.compactMap(\.string) ?? []
        guard (1...200).contains(texts.count), !texts.contains(where: \.isEmpty) else {
            throw Diagnostic("'guidelines' must have 1 to 200 texts, none of them empty", setting: "guidelines")
        }
        return texts
    }
}
