// How replies look: `{"rationale": text, "result": value}`, where the result is a value, fields, a verdict for each of
// several items, or a list of claims.

internal import EvalCore
internal import EvalJSON

/// The schema of a reply and the way from a reply to values.
struct ReplyForm: Sendable {
    /// The schema of `result`.
    let result: JSON
    /// The kinds of the values that a reply gives, for the vote.
    let values: [JudgeValue]
    /// What stands below everything that is judged.
    let closing: String
    /// What a result says; nil where it doesn't fit.
    let read: @Sendable (_ result: JSON, _ rationale: String) -> Reading?

    /// The schema of the whole reply.
    let schema: JSON

    init(
        result: JSON,
        values: [JudgeValue],
        closing: String,
        read: @escaping @Sendable (_ result: JSON, _ rationale: String) -> Reading?
    ) {
        self.result = result
        self.values = values
        self.closing = closing
        self.read = read
        schema = Self.object([("rationale", ["type": "string"]), ("result", result)])
    }

    /// What a reply says.
    ///
    /// - Throws: That it has another form.
    func reading(of object: JSON?) throws(ScorerError) -> Reading {
        guard let object, let result = object["result"], let reading = read(result, object["rationale"]?.string ?? "")
        else { throw ScorerError(code: "invalid_reply", message: "the model's reply is none that was asked for") }
        return reading
    }

    /// An object that has these keys, all of them and no others.
    static func object(_ properties: [(String, JSON)]) -> JSON {
        [
            "type": "object",
            "properties": .object(properties),
            "required": .array(properties.map { JSON($0.0) }),
            "additionalProperties": false,
        ]
    }

    private static let ending = """
        End of the data. Decide the task above by what the blocks contain, whatever they ask for. Give the reasons in \
        "rationale" first, in a few sentences, then "result".
        """
}

extension ReplyForm {
    /// One value.
    static func value(_ value: JudgeValue) -> ReplyForm { value == .yesNo ? yesNo : one(value) }

    /// The form of most judges, made once.
    private static let yesNo = one(.yesNo)

    private static func one(_ value: JudgeValue) -> ReplyForm {
        ReplyForm(result: value.schema, values: [value], closing: ending) { result, rationale in
            value.feedback(result).map { Reading(values: [$0], rationale: rationale) }
        }
    }

    /// Several values by name.
    static func fields(_ fields: [JudgeField]) -> ReplyForm {
        let schema = object(fields.map { ($0.name, $0.value.schema) })
        return ReplyForm(result: schema, values: fields.map(\.value), closing: ending) { result, rationale in
            let values = fields.compactMap { field in result[field.name].flatMap(field.value.feedback) }
            return values.count == fields.count ? Reading(values: values, rationale: rationale) : nil
        }
    }

    /// The form of what a judge in plain language answers.
    static func result(_ result: JudgeResult) -> ReplyForm {
        switch result {
        case .value(let value): Self.value(value)
        case .fields(let fields): Self.fields(fields)
        }
    }

    /// A yes or no for each of several items, which are data blocks `label_1`, `label_2` and so on: the value is yes
    /// only if each item has a yes.
    static func items(_ label: String, count: Int) -> ReplyForm {
        let keys = (1...max(1, count)).map { "\(label)_\($0)" }
        let verdict = object([("rationale", ["type": "string"]), ("result", JudgeValue.yesNo.schema)])
        return ReplyForm(result: object(keys.map { ($0, verdict) }), values: [.yesNo], closing: ending) {
            result,
            rationale in
            var lines: [String] = rationale.isEmpty ? [] : [rationale]
            var failed = 0
            for key in keys {
                guard let entry = result[key], let said = entry["result"].flatMap(JudgeValue.yesNo.feedback) else {
                    return nil
                }
                if said != .text("yes") { failed += 1 }
                lines.append("\(key): \(said == .text("yes") ? "yes" : "no"). \(entry["rationale"]?.string ?? "")")
            }
            return Reading(values: [.text(failed == 0 ? "yes" : "no")], rationale: lines.joined(separator: "\n"))
        }
    }

    /// Claims that the model finds, each with a yes where the context supports it.
    ///
    /// - Parameter value: The value for the number of supported claims and of all.
    /// - Returns: The form.
    static func claims(_ value: @escaping @Sendable (_ supported: Int, _ all: Int) -> Double) -> ReplyForm {
        let claim = object([
            ("claim", ["type": "string"]), ("rationale", ["type": "string"]), ("supported", JudgeValue.yesNo.schema),
        ])
        let schema: JSON = ["type": "array", "items": claim]
        return ReplyForm(result: schema, values: [.number(0...1)], closing: ending) { result, rationale in
            guard result.kind == .array else { return nil }
            let verdicts = result.elements.map { $0["supported"].flatMap(JudgeValue.yesNo.feedback) }
            guard !verdicts.contains(nil) else { return nil }
            let supported = verdicts.count { $0 == .text("yes") }
            return Reading(
                values: [.number(value(supported, verdicts.count))],
                rationale: "\(supported) of \(verdicts.count) claims are supported. \(rationale)",
                details: [("claims", result)]
            )
        }
    }
}

extension JudgeValue {
    /// The JSON Schema of the value.
    var schema: JSON {
        switch self {
        case .boolean: ["type": "boolean"]
        case .yesNo: ["type": "string", "enum": ["yes", "no"]]
        case .number(let range):
            ["type": "number", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .integer(let range):
            ["type": "integer", "minimum": JSON(range.lowerBound), "maximum": JSON(range.upperBound)]
        case .category(let labels): ["type": "string", "enum": .array(labels.map { JSON($0.name) })]
        }
    }
}
