// A judge in plain language as files and stores have it: an object with the keys below.

public import EvalJSON

extension JudgeDefinition {
    /// The keys that a judge may have.
    public static let keys = [
        "name", "help", "instructions", "value", "examples", "model", "parameters", "endpoint", "vote", "samples",
        "max_steps", "pass",
    ]

    /// Reads a judge from an object.
    ///
    ///     {"name": "is_polite", "instructions": "Is {{ outputs }} polite?", "value": "yes_no"}
    ///
    /// - Throws: Which key is unknown, missing or wrong.
    public init(_ json: JSON) throws(Diagnostic) {
        guard json.kind == .object else { throw Diagnostic("a judge is an object, this is \(json.kind.withArticle)") }
        do throws(Diagnostic) {
            try json.allow(keys: Self.keys, in: "a judge")
        } catch {
            var error = error
            error.setting = json.members.map { String($0.key) }.first { !Self.keys.contains($0) }
            throw error
        }
        let value = json.given("value") ?? "yes_no"
        let result = try at(key: "value") { () throws(Diagnostic) in try JudgeResult(value) }
        let parameters = try at(key: "parameters") { () throws(Diagnostic) in
            try ModelParameters(json["parameters"] ?? .null)
        }
        try self.init(
            name: try json.neededText("name"),
            help: try json.optionalText("help") ?? "",
            instructions: try json.neededText("instructions"),
            result: result,
            examples: try Self.examples(json.given("examples")),
            models: try Self.models(json.given("model")),
            parameters: parameters,
            endpoint: json["endpoint"] ?? .null,
            vote: try Self.vote(json),
            samples: try json.wholeNumber("samples") ?? 1,
            maxSteps: try json.wholeNumber("max_steps") ?? Self.standardSteps,
            pass: try Self.pass(json.given("pass"))
        )
    }

    private static func examples(_ list: JSON?) throws(Diagnostic) -> [JudgeExample] {
        guard let list else { return [] }
        guard list.kind == .array, list.count <= 64 else {
            throw Diagnostic("'examples' must be a list of at most 64 examples", setting: "examples")
        }
        var examples: [JudgeExample] = []
        for element in list.elements {
            guard let result = element["result"] else {
                throw Diagnostic("an example needs a 'result'", setting: "examples")
            }
            let row = element.members.map { (String($0.key), $0.value) }
                .filter { $0.0 != "result" && $0.0 != "rationale" }
            examples.append(
                JudgeExample(row: .object(row), result: result, rationale: try element.optionalText("rationale"))
            )
        }
        return examples
    }

    private static func models(_ value: JSON?) throws(Diagnostic) -> [String] {
        guard let value else { return [] }
        if let model = value.string { return [model] }
        let models = value.elements.compactMap(\.string)
        guard value.kind == .array, !models.isEmpty, models.count == value.count else {
            throw Diagnostic("'model' must be a text or a list of texts", setting: "model")
        }
        return models
    }

    private static func vote(_ json: JSON) throws(Diagnostic) -> JudgeVote? {
        guard let word = try json.optionalText("vote") else { return nil }
        if let vote = JudgeVote(rawValue: word) { return vote }
        let words = JudgeVote.allCases.map(\.rawValue)
        throw Diagnostic(
            "unknown vote '\(word.prefix(64))'",
            didYouMean: nearestWord(to: word, among: words),
            help: "There are: \(words.joined(separator: ", ")).",
            setting: "vote"
        )
    }

    private static func pass(_ value: JSON?) throws(Diagnostic) -> PassRule? {
        guard let value else { return nil }
        let source = value.string ?? value.serialized
        guard let rule = source == "yes" || source == "true" ? .yes : PassRule(source) else {
            throw Diagnostic("'pass' must be a bound such as '>= 0.8', or labels separated by |", setting: "pass")
        }
        return rule
    }

    /// The judge as an object; what is usual is left out, so that one judge has one form.
    public var json: JSON {
        var members: [(String, JSON)] = [("name", JSON(name))]
        if !help.isEmpty { members.append(("help", JSON(help))) }
        members.append(("instructions", JSON(instructions.source)))
        members.append(("value", result.json))
        if !examples.isEmpty { members.append(("examples", .array(examples.map(\.json)))) }
        if let model = models.first {
            members.append(("model", models.count == 1 ? JSON(model) : .array(models.map { JSON($0) })))
        }
        if parameters != ModelParameters() { members.append(("parameters", parameters.json)) }
        if !endpoint.isNull { members.append(("endpoint", endpoint)) }
        if let vote { members.append(("vote", JSON(vote.rawValue))) }
        if samples != 1 { members.append(("samples", JSON(samples))) }
        if maxSteps != Self.standardSteps { members.append(("max_steps", JSON(maxSteps))) }
        if let pass { members.append(("pass", JSON(pass.description))) }
        return .object(members)
    }
}

extension JudgeExample {
    fileprivate var json: JSON {
        var members = row.members.map { (String($0.key), $0.value) }
        members.append(("result", result))
        if let rationale { members.append(("rationale", JSON(rationale))) }
        return .object(members)
    }
}

extension JSON {
    /// A member that is there and not null.
    fileprivate func given(_ key: String) -> JSON? { self[key]?.unlessNull }

    fileprivate func optionalText(_ key: String) throws(Diagnostic) -> String? {
        guard let value = given(key) else { return nil }
        guard let text = value.string else { throw Diagnostic("'\(key)' must be a text", setting: key) }
        return text
    }

    fileprivate func neededText(_ key: String) throws(Diagnostic) -> String {
        guard let text = try optionalText(key) else {
            throw Diagnostic(
                "a judge needs '\(key)'",
                help: #"For example {"name": "is_polite", "instructions": "Is {{ outputs }} polite?"}."#,
                setting: key
            )
        }
        return text
    }

    fileprivate func wholeNumber(_ key: String) throws(Diagnostic) -> Int? {
        guard let value = given(key) else { return nil }
        guard let number = value.integer.flatMap(Int.init(exactly:)) else {
            throw Diagnostic("'\(key)' must be a whole number", setting: key)
        }
        return number
    }
}
