// `evalhost feedback agreement`: how far reviewers say the same of the same traces.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalStore

extension FeedbackCommand {
    struct Agreement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How far reviewers agree: raw agreement, Cohen's and Fleiss' kappa, Krippendorff's alpha.",
            discussion: """
                A reviewer is a source, and of what one says several times of the same trace or span the last counts. Compare a
                judge with people by --source human --source llm_judge.

                Example:
                  evalhost feedback agreement helpful --experiment support-bot
                """
        )

        @Argument(help: "What is judged.")
        var name: String
        @Option(help: ArgumentHelp("Only what was said of the traces of this experiment.", valueName: "name"))
        var experiment: String?
        @Option(
            help: ArgumentHelp(
                "Whose feedback counts: human, llm_judge or code; may be given several times.",
                discussion: "Default: human",
                valueName: "kind"
            )
        )
        var source: [SourceKind] = []
        @Option(
            help: ArgumentHelp(
                "What the values mean to Krippendorff's alpha: nominal, ordinal or interval.",
                discussion: "Default: nominal",
                valueName: "level"
            )
        )
        var level: Level = .nominal
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        enum Level: String, ExpressibleByArgument, CaseIterable {
            case nominal, ordinal, interval

            var level: RatingLevel { RatingLevel(rawValue: rawValue) ?? .nominal }
        }

        func run() async throws {
            let store = try store.openExisting()
            var table = RatingTable(kinds: source.isEmpty ? [.human] : Set(source.map(\.kind)))
            var search = FeedbackSearch(name: name)
            if let experiment { search.experimentIDs = [try await ExperimentName.find(experiment, in: store)] }
            while true {
                let page = try await store.searchFeedback(search)
                for assessment in page.elements { table.add(assessment) }
                guard let token = page.nextToken else { break }
                search.token = token
            }
            let agreement = table.agreement
            guard agreement.raters.count > 1 else {
                let who = agreement.raters.first.map { "only \($0) said something" } ?? "nobody said anything"
                throw Diagnostic("\(who) of '\(name)'; agreement needs two reviewers")
            }
            switch format {
            case .json: Console.output(AgreementPage.json(name, agreement, level.level).serialized + "\n")
            case .table: Console.output(AgreementPage.text(name, agreement, level.level))
            }
        }
    }
}

/// Who said what of which trace or span.
private struct RatingTable {
    private struct Unit: Hashable {
        let trace: PublicID
        let span: UInt64?
    }

    let kinds: Set<AssessmentSource.Kind>
    private var units: [Unit: [String: (rating: Rating, created: Int64)]] = [:]
    private var order: [Unit] = []
    private var raters: Set<String> = []

    init(kinds: Set<AssessmentSource.Kind>) { self.kinds = kinds }

    mutating func add(_ assessment: Assessment) {
        guard kinds.contains(assessment.source.kind), case .feedback(let value) = assessment.content else { return }
        let rater =
            kinds.count > 1
            ? "\(assessment.source.kind.rawValue) \(assessment.source.id)" : assessment.source.id
        let unit = Unit(trace: assessment.traceID, span: assessment.spanID)
        if units[unit] == nil { order.append(unit) }
        raters.insert(rater)
        if let old = units[unit]?[rater], old.created > assessment.createdMilliseconds { return }
        // 1 and 1.0 are one value, and so are objects whatever the order of their keys.
        let label = value.json.canonical
        units[unit, default: [:]][rater] = (Rating(label, number: value.numeric), assessment.createdMilliseconds)
    }

    var agreement: RaterAgreement {
        let names = raters.sorted()
        return RaterAgreement(
            raters: names,
            units: order.map { unit in names.map { units[unit]?[$0]?.rating } }
        )
    }
}

/// Agreement for the terminal and for programs.
private enum AgreementPage {
    static func text(_ name: String, _ agreement: RaterAgreement, _ level: RatingLevel) -> String {
        let raters = agreement.raters.map { Printable.line($0) }
        var lines = [
            "\(Printable.line(name)): \(agreement.units.count) rated, \(agreement.sharedUnits) by two reviewers or more",
            "raw agreement         \(number(agreement.rawAgreement))",
        ]
        if raters.count == 2 {
            lines.append("Cohen's kappa         \(number(agreement.pair(0, 1).kappa))")
        } else {
            lines.append(
                "Fleiss' kappa         \(number(agreement.fleissKappa))  (\(agreement.completeUnits) rated by all)"
            )
        }
        lines.append("Krippendorff's alpha  \(number(agreement.krippendorffAlpha(level)))  (\(level.rawValue))")
        for rater in raters.indices {
            let count = agreement.units.count { $0[rater] != nil }
            lines.append("\(raters[rater])  \(count) rated")
        }
        if raters.count > 2 {
            for (first, second) in pairs(raters.count) {
                let pair = agreement.pair(first, second)
                if pair.units == 0 { continue }
                lines.append(
                    "\(raters[first]) and \(raters[second])  \(pair.units) shared, agreement \(number(pair.agreement)), "
                        + "Cohen's kappa \(number(pair.kappa))"
                )
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func json(_ name: String, _ agreement: RaterAgreement, _ level: RatingLevel) -> JSON {
        let pairs = pairs(agreement.raters.count)
            .map { first, second -> JSON in
                let pair = agreement.pair(first, second)
                return [
                    "reviewers": [JSON(agreement.raters[first]), JSON(agreement.raters[second])],
                    "shared": JSON(pair.units), "agreement": json(pair.agreement), "cohen_kappa": json(pair.kappa),
                ]
            }
        let raters = agreement.raters.enumerated()
            .map { place, rater -> JSON in
                ["reviewer": JSON(rater), "rated": JSON(agreement.units.count { $0[place] != nil })]
            }
        return [
            "name": JSON(name), "rated": JSON(agreement.units.count), "shared": JSON(agreement.sharedUnits),
            "rated_by_all": JSON(agreement.completeUnits), "raw_agreement": json(agreement.rawAgreement),
            "fleiss_kappa": json(agreement.fleissKappa), "krippendorff_alpha": json(agreement.krippendorffAlpha(level)),
            "level": JSON(level.rawValue), "reviewers": .array(raters), "pairs": .array(pairs),
        ]
    }

    private static func pairs(_ count: Int) -> [(Int, Int)] {
        (0..<count).flatMap { first in ((first + 1)..<count).map { (first, $0) } }
    }

    private static func json(_ value: Double?) -> JSON { value.map { JSON($0) } ?? .null }

    private static func number(_ value: Double?) -> String {
        guard let value else { return "undefined" }
        return JSON((value * 1000).rounded() / 1000).serialized
    }
}
