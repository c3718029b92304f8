// Rows for a scorer, made from what it says that it reads: ordinary ones, and such as nobody expects.

internal import EvalCore
internal import EvalJSON

/// Makes rows for one scorer.
struct RowMaker {
    let scorer: ScorerUnderTest

    init(_ scorer: ScorerUnderTest) { self.scorer = scorer }

    /// The rows of its cases, and made-up ones: what people would give it.
    var ordinary: [JSON] {
        let own = scorer.cases.flatMap { $0.given.rows }.filter { $0.serialized.utf8.count < 100_000 }
        return Array(own.prefix(40)) + Self.sentences.indices.map { made($0) }
    }

    /// The first of the ordinary rows.
    var plain: JSON { made(0) }

    /// An ordinary row that is made up.
    func made(_ number: Int) -> JSON {
        var row: JSON = [:]
        for (place, field) in scorer.fields.enumerated() {
            row = set(field, Self.ordinary(field, number + (place > 0 ? number % 2 : 0)), in: row)
        }
        return row
    }

    /// The same row with another value of a field, or without the field.
    func set(_ field: FieldDeclaration, _ value: JSON?, in row: JSON) -> JSON {
        guard let steps = field.steps else { return row.replacing([.key("spans")], with: value) ?? row }
        var value = value
        // These are objects, whatever is in them.
        if steps.count == 1, case .key(let root)? = steps.first, !root.equals("outputs"), let given = value,
            given.kind != .object
        {
            value = given.isNull ? nil : ["text": given]
        }
        return row.replacing(steps[...], with: value) ?? row
    }

    /// A value such as a field mostly has.
    static func ordinary(_ field: FieldDeclaration, _ number: Int) -> JSON {
        if field.steps == nil { return .array((0..<3).map { span($0, type: field.spanTypes.first ?? "RETRIEVER") }) }
        switch field.form {
        case .text: return JSON(sentences[number % sentences.count])
        case .integer: return JSON(number + 1)
        case .number: return JSON(Double(number) + 0.5)
        case .boolean: return JSON(number.isMultiple(of: 2))
        case .json:
            return number.isMultiple(of: 2) ? ["name": "Paris", "size": 3, "parts": ["a", "b"]] : ["Paris", "London"]
        }
    }

    /// An ordinary span.
    static func span(_ number: Int, type: String) -> JSON {
        [
            "id": JSON(1000 + number), "parent": 1, "type": JSON(type), "name": JSON("step \(number)"), "status": "OK",
            "start_ns": JSON(number * 1_000_000), "end_ns": JSON(number * 1_000_000 + 500_000),
            "inputs": ["query": "capital of France"],
            "outputs": [["page_content": "Paris is the capital.", "id": JSON("doc-\(number)"), "metadata": ["n": 1]]],
            "attributes": ["model": "m"],
        ]
    }

    static let sentences = [
        "Paris is the capital of France.",
        "The parcel arrives tomorrow, between nine and eleven; you will get a message before. Thank you for waiting!",
        "no",
        "Der schnelle braune Fuchs springt über den faulen Hund.",
        "1. First, open the box.\n2. Then read the manual [1].\n\n```python\ntotal = 1 + 1\n```",
        "select name from people where age > 30 order by name",
        "{\"answer\": \"yes\", \"confidence\": 0.75}",
        "東京は日本の首都です。",
    ]
}

extension FieldDeclaration {
    /// The way to the field in a row; nil for spans.
    var steps: [JSONPath.Step]? {
        switch source {
        case .outputs: [.key("outputs")]
        case .withinOutputs(let path): [.key("outputs")] + path.steps
        case .row(let path): path.steps
        case .spans: nil
        }
    }

    /// The types of spans that it asks for; none for all.
    var spanTypes: [String] {
        if case .spans(let types?, _) = source { return types.sorted() }
        return []
    }
}
