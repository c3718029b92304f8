// Questions for reviewers as MLflow's REST writes and reads them, and MLflow's bounds for them.

internal import EvalCore
internal import EvalJSON

extension LabelSchema {
    static let shape = Shape.named(
        "LabelSchema",
        [
            Field("schema_id", "`ls-` and 32 digits"), Field("experiment_id", "The experiment"),
            Field("name", "The name of the assessments that answer it"),
            Field("type", .choice(Kind.allCases.map(\.rawValue)), "What an answer becomes"),
            Field("instruction", "What reviewers are told"),
            Field("enable_comment", .boolean, "Whether they may say why"), Field("input", LabelInput.shape),
            Field("created_at", .integer, "Milliseconds since 1970"),
            Field("last_updated_at", .integer, "Milliseconds since 1970"),
            Field("is_default", .boolean, "Always false: no schema is made by the server"),
        ]
    )

    /// The question as a reply has it.
    var json: JSON {
        .object(present: [
            ("schema_id", JSON(publicID)), ("experiment_id", JSON("\(experiment)")), ("name", JSON(name)),
            ("type", JSON(kind.rawValue)), ("instruction", instruction.map { JSON($0) }),
            ("enable_comment", JSON(takesComments)), ("input", input.json), ("created_at", JSON(createdMilliseconds)),
            ("last_updated_at", JSON(updatedMilliseconds)), ("is_default", false),
        ])
    }
}

extension LabelInput {
    static let shape = Shape.named(
        "LabelSchemaInput",
        [
            Field(
                "pass_fail",
                .object([Field("positive_label", "The good word"), Field("negative_label", "The bad word")])
            ),
            Field(
                "categorical",
                .object([
                    Field("options", .list(.string), "The words"),
                    Field("multi_select", .boolean, "Whether several may be chosen"),
                ])
            ),
            Field(
                "numeric",
                .object([Field("min_value", .number, "The least"), Field("max_value", .number, "The greatest")])
            ),
            Field("text", .object([Field("max_length", .integer, "The longest text, in characters")])),
        ]
    )

    private static let longestLabel = 64
    private static let mostOptions = 10

    /// The input as a reply has it.
    var json: JSON {
        switch self {
        case .passFail(let positive, let negative):
            ["pass_fail": ["positive_label": JSON(positive), "negative_label": JSON(negative)]]
        case .categorical(let options, let isMultiple):
            ["categorical": ["options": .array(options.map { JSON($0) }), "multi_select": JSON(isMultiple)]]
        case .number(let least, let most):
            [
                "numeric": .object(present: [
                    ("min_value", least.map { JSON($0) }), ("max_value", most.map { JSON($0) }),
                ])
            ]
        case .text(let longest): ["text": .object(present: [("max_length", longest.map { JSON($0) })])]
        }
    }

    /// Reads an input of a request.
    ///
    /// - Parameter json: The input.
    /// - Throws: That it is no kind of input, or several, or out of bounds.
    init(wire json: JSON) throws(APIError) {
        let kinds = ["pass_fail", "categorical", "numeric", "text"].filter { json[$0]?.unlessNull != nil }
        guard kinds.count == 1, let kind = kinds.first, let content = json[kind] else {
            throw .invalid("`input` has one of pass_fail, categorical, numeric and text.")
        }
        switch kind {
        case "pass_fail":
            let positive = try Self.label(content[key: "positive_label"], "positive_label")
            let negative = try Self.label(content[key: "negative_label"], "negative_label")
            guard positive != negative else { throw .invalid("The two labels of `pass_fail` must differ.") }
            self = .passFail(positive: positive, negative: negative)
        case "categorical":
            let elements = content[key: "options"].map { Array($0.elements) } ?? []
            guard (1...Self.mostOptions).contains(elements.count) else {
                throw .invalid("`categorical.options` has 1 to \(Self.mostOptions) words, and has \(elements.count).")
            }
            var options: [String] = []
            for element in elements { options.append(try Self.label(element, "options")) }
            guard Set(options).count == options.count else {
                throw .invalid("`categorical.options` has a word twice.")
            }
            self = .categorical(options: options, isMultiple: content[key: "multi_select"]?.boolean ?? false)
        case "numeric":
            let least = content[key: "min_value"]?.wireNumber
            let most = content[key: "max_value"]?.wireNumber
            guard [least, most].allSatisfy({ $0?.isFinite ?? true }) else {
                throw .invalid("`min_value` and `max_value` of `numeric` must be finite.")
            }
            if let least, let most, least >= most {
                throw .invalid("`numeric.min_value` must be below `max_value`, and they are \(least) and \(most).")
            }
            self = .number(least: least, most: most)
        default:
            let longest = content[key: "max_length"]?.wireInteger
            if let longest, longest < 1 { throw .invalid("`text.max_length` is at least 1, and is \(longest).") }
            self = .text(longest: longest)
        }
    }

    private static func label(_ json: JSON?, _ name: String) throws(APIError) -> String {
        guard let label = json?.string, !label.isEmpty, label.count <= longestLabel else {
            throw .invalid("`\(name)` has 1 to \(longestLabel) characters.")
        }
        return label
    }
}
