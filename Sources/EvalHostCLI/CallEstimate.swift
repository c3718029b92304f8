// What judging would take: calls are counted, tokens are guessed from the prompts' lengths, money from the prices.

internal import EvalCore
internal import EvalJSON
internal import EvalJudges
internal import EvalModels
internal import Foundation

/// The calls, tokens and costs of judges that were not asked.
struct CallEstimate {
    /// Characters a token, for English and for JSON; a rule of thumb.
    private static let charactersPerToken = 4.0
    /// Tokens of an answer with its rationale.
    private static let answerTokens = 150.0
    /// Rows whose prompts are written out; the others are taken to be like them.
    private static let mostPrompts = 500

    private struct Part {
        let name: String
        let models: [ModelName]
        /// How many calls a row or session takes.
        let callsPerUnit: Double
        /// The requests about a row; nil for a judge of sessions, whose prompts are not known before.
        let questions: ((Row) throws -> [ModelRequest])?
        /// Rows or sessions that it would judge.
        var units = 0
        var measured = 0
        var characters = 0
    }
    private var parts: [Part]
    private var sessions: Set<String> = []
    private let models: ModelHub
    private let repeats: Int

    /// Begins with no row.
    init(_ scorers: [ScorerInstance], models: ModelHub, repeats: Int) {
        parts = scorers.compactMap { instance in
            if let judge = instance.scorer as? any JudgeScorer {
                return Part(
                    name: instance.name,
                    models: judge.models,
                    callsPerUnit: judge.callsPerRow,
                    questions: { try judge.questions(about: $0) }
                )
            }
            guard let judge = instance.scorer as? any SessionJudgeScorer else { return nil }
            return Part(
                name: instance.name,
                models: judge.models,
                callsPerUnit: judge.callsPerSession,
                questions: nil
            )
        }
        self.models = models
        self.repeats = repeats
    }

    /// Counts a row.
    mutating func add(_ record: Record, trace: Trace?) {
        if parts.isEmpty { return }
        let isNewSession = record.sessionID.map { sessions.insert(String($0)).inserted } ?? false
        var row: Row?
        for index in parts.indices {
            if parts[index].questions == nil, !isNewSession { continue }
            parts[index].units += 1
            guard parts[index].measured < Self.mostPrompts, let ask = parts[index].questions else { continue }
            let asked = row ?? Self.row(record, trace)
            row = asked
            guard let questions = try? ask(asked) else { continue }
            parts[index].measured += 1
            parts[index].characters += questions.reduce(0) { $0 + $1.characters }
        }
    }

    private static func row(_ record: Record, _ trace: Trace?) -> Row {
        // Where an application will answer, its answer is not known: one like this takes its place.
        let outputs = record.outputs ?? JSON(String(repeating: "x", count: 600))
        let trace = trace ?? .pregenerated(record, outputs: outputs, nowMilliseconds: 0)
        return Row(record: record, outputs: outputs, trace: trace)
    }

    /// A line a judge, and one for all.
    var lines: [String] {
        guard !parts.isEmpty else { return [] }
        var lines: [String] = []
        var (calls, cost, unpriced) = (0.0, 0.0, Set<String>())
        for part in parts {
            let own = Double(part.units * repeats) * part.callsPerUnit
            calls += own
            let tokens =
                part.measured == 0 ? nil : Double(part.characters) / Double(part.measured) / Self.charactersPerToken
            let model = part.models.map(\.description).joined(separator: ", ")
            lines.append("judge calls  \(part.name): about \(Int(own.rounded())) of \(model)")
            guard let tokens else {
                unpriced.insert("\(part.name) (its prompts are not known before)")
                continue
            }
            for name in part.models {
                guard let price = models.price(of: name) else {
                    unpriced.insert(name.description)
                    continue
                }
                let rows = Double(part.units * repeats) / 1_000_000
                let answers = own / Double(part.models.count) / 1_000_000 * Self.answerTokens
                cost += rows * tokens * price.input / Double(part.models.count) + answers * price.output
            }
        }
        let amount = String(format: cost >= 1 ? "$%.2f" : "$%.4f", cost)
        let missing = unpriced.isEmpty ? "" : "; no price for \(unpriced.sorted().joined(separator: ", "))"
        let total = unpriced.isEmpty ? "about \(amount)" : cost > 0 ? "≥ about \(amount)" : "not known"
        lines.append("judge cost   \(total) for about \(Int(calls.rounded())) calls\(missing)")
        return lines
    }
}

extension ModelRequest {
    /// How long the prompt is, with the schema.
    fileprivate var characters: Int {
        var count = schema?.serialized.utf8.count ?? 0
        for message in messages {
            for part in message.content {
                switch part {
                case .text(let text): count += text.utf8.count
                case .data(let label, let text): count += text.utf8.count + label.utf8.count + 80
                // What an image takes depends on the vendor; a thousand tokens are usual.
                case .image: count += 4_000
                }
            }
        }
        return count
    }
}
