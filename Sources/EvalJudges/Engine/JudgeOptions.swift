// What every judge can be told: whom it asks, how often, and how the answers become one.

public import EvalCore
public import EvalJSON

/// Whom a judge asks, how often, and how several answers become one.
public struct JudgeOptions: Sendable, Equatable {
    /// The models: none for the run's judge model, several for a panel.
    public var models: [String]
    /// How several answers become one; nil for what is usual for the value.
    public var vote: JudgeVote?
    /// How many independent answers each model gives.
    public var samples: Int
    /// How the models should answer.
    public var parameters: ModelParameters
    /// Where they are asked, where that differs from the run's: an object or null.
    public var endpoint: JSON

    /// Makes options; without any, the run's judge model is asked once.
    public init(
        models: [String] = [],
        vote: JudgeVote? = nil,
        samples: Int = 1,
        parameters: ModelParameters = ModelParameters(),
        endpoint: JSON = .null
    ) {
        self.models = models
        self.vote = vote
        self.samples = samples
        self.parameters = parameters
        self.endpoint = endpoint
    }

    /// The options with one model, where one is named.
    func asking(_ model: String?) -> JudgeOptions {
        var copy = self
        if let model { copy.models = [model] }
        return copy
    }

    /// The choices that a directory is asked for, one for each member of the panel.
    var choices: [ModelChoice] {
        let names: [String?] = models.isEmpty ? [nil] : models
        return names.map { ModelChoice(model: $0, parameters: parameters, endpoint: endpoint) }
    }

    /// How many answers one question has.
    var answers: Int { max(1, models.count) * max(1, samples) }
}

extension JudgeOptions {
    /// Reads resolved settings; what they don't say is taken from `others`.
    ///
    /// - Throws: What is wrong with a setting.
    init(configuration: JSON, over others: JudgeOptions = JudgeOptions()) throws(Diagnostic) {
        self = others
        if let list = configuration["model"] {
            models = list.elements.compactMap(\.string)
            guard !models.isEmpty else { throw Diagnostic("'model' must name a model", setting: "model") }
        }
        if let word = configuration["vote"]?.string { vote = JudgeVote(rawValue: word) }
        if let number = configuration["samples"]?.integer { samples = Int(number) }
        if let value = configuration["parameters"] {
            do throws(Diagnostic) {
                parameters = try ModelParameters(value).filled(from: others.parameters)
            } catch {
                var copy = error
                copy.setting = "parameters"
                throw copy
            }
        }
        if let value = configuration["endpoint"] {
            endpoint = value
        }
    }

    /// Checks the options, wherever they come from.
    ///
    /// - Parameter descriptor: The judge, whose settings say how its answers can be put together.
    /// - Throws: Which option doesn't fit.
    func check(_ descriptor: ScorerDescriptor) throws(Diagnostic) {
        guard models.count <= 16 else { throw Diagnostic("'model' must have at most 16 models", setting: "model") }
        guard (1...100).contains(samples) else {
            throw Diagnostic("'samples' must be from 1 to 100", setting: "samples")
        }
        guard endpoint.kind == .object || endpoint.isNull else {
            throw Diagnostic("'endpoint' must be an object", setting: "endpoint")
        }
        guard let vote, case .choice(let words)? = descriptor.settings.first(where: { $0.key == "vote" })?.kind,
            !words.contains(vote.rawValue)
        else { return }
        throw Diagnostic(
            "the vote '\(vote.rawValue)' doesn't fit the values of '\(descriptor.name)'",
            help: "It can be: \(words.joined(separator: ", ")).",
            setting: "vote"
        )
    }

    /// The settings of every judge.
    static func settings(votes: [JudgeVote]) -> [Setting] {
        let standard = votes.first?.rawValue ?? "majority"
        return [
            Setting(
                "model",
                .texts,
                help: "The model that judges, several for a panel; without it, the run's judge model."
            ),
            Setting(
                "vote",
                .choice(votes.map(\.rawValue)),
                help: "How several answers become one; \(standard) where nothing is said."
            ),
            Setting("samples", .integer, range: 1...100, help: "Independent answers of each model; 1 without it."),
            Setting("parameters", .json, help: "How the model should answer: temperature, max_tokens and others."),
            Setting("endpoint", .json, help: "Where it is asked: base_url, headers, api_key_env, api_key_file."),
        ]
    }
}
