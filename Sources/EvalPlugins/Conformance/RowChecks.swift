// Checks of what a scorer says to rows: ordinary ones first, then such as nobody expects.

internal import EvalCore
internal import EvalJSON

extension ConformanceCheck {
    static let ordinaryRows = aboutRows(
        "C20",
        "ordinary-rows",
        meaning: "Ordinary rows, those of its own cases among them, get a value, a skip or an error in words.",
        reason: "A scorer that fails here fails everywhere; no further check looks at it.",
        fix: "Run `evalhost plugin test`, then replay the row."
    ) { RowMaker($0).ordinary }

    static let emptyFields = aboutRows(
        "C21",
        "empty-fields",
        meaning: "Fields that are there and empty do no harm.",
        reason: "Applications answer nothing more often than one thinks, and means of nothing are not numbers.",
        fix: "Look at the size before the first byte, and before a division."
    ) { scorer in
        let maker = RowMaker(scorer)
        func empty(_ field: FieldDeclaration) -> [JSON] {
            switch field.form {
            case .text: ["", " ", "\n"]
            case .json: [[:], []]
            case .integer, .number: [0]
            case .boolean: [false]
            }
        }
        let fields = scorer.fields.filter { $0.steps != nil }
        var all = maker.plain
        for field in fields { all = maker.set(field, empty(field)[0], in: all) }
        return [all]
            + fields.flatMap { field in
                empty(field).flatMap { value in [maker.plain, all].map { maker.set(field, value, in: $0) } }
            }
    }

    static let missingFields = aboutRows(
        "C22",
        "missing-fields",
        meaning: "Optional fields may be missing or null, in every combination.",
        reason: "A field that is marked `?` is one that some rows don't have; its text is then empty.",
        fix: "Look at the field's kind before anything else of it."
    ) { scorer in
        let maker = RowMaker(scorer)
        let optional = scorer.fields.filter { $0.isOptional && $0.steps != nil }
        guard !optional.isEmpty else { return [] }
        var generator = SeededGenerator(seed: UInt64(optional.count), for: scorer.name)
        let combinations =
            optional.count <= 6
            ? Array(0..<(UInt64(1) << optional.count))
            : [0, .max] + optional.indices.flatMap { [UInt64(1) << $0, ~(UInt64(1) << $0)] }
                + (0..<64).map { _ in generator.next() }
        return combinations.flatMap { bits in
            [JSON?.none, .some(.null)]
                .map { absent in
                    optional.enumerated()
                        .reduce(maker.plain) { row, field in
                            bits >> UInt64(field.offset) & 1 == 1 ? row : maker.set(field.element, absent, in: row)
                        }
                }
        }
    }

    static let oddTexts = aboutRows(
        "C23",
        "odd-texts",
        meaning: "Texts with NUL, marks, emoji, controls or one endless line do no harm.",
        reason: "Text is any valid UTF-8 with a size, and ends at no NUL.",
        fix: "Use `size`; decode UTF-8 with bounds; expect any scalar."
    ) { scorer in
        let maker = RowMaker(scorer)
        let fields = scorer.fields.filter { $0.form == .text && $0.steps != nil }
        guard !fields.isEmpty else { return [] }
        return OddValues.texts.flatMap { text in
            fields.map { maker.set($0, JSON(text), in: maker.plain) }
                + [fields.reduce(maker.plain) { maker.set($1, JSON(text), in: $0) }]
        }
    }

    static let hugeFields = aboutRows(
        "C24",
        "huge-fields",
        meaning: "A field of 8 MiB, or all of 64 KiB, do no harm.",
        reason: "Rows may have up to 64 MiB; stacks and counters of 16 bits are smaller.",
        fix: "Allocate what depends on a text's size, check for null, and don't recurse over it."
    ) { scorer in HugeRows.rows(scorer, one: 8 << 20, all: 64 << 10) }

    static let extremeNumbers = aboutRows(
        "C25",
        "extreme-numbers",
        meaning: "Integers and numbers at their edges do no harm.",
        reason: "INT64_MIN has no positive, -0 divides to an infinity, and squares of 1e308 are none.",
        fix: "Check before you negate, multiply, divide or cast; answer only what is declared."
    ) { scorer in
        let maker = RowMaker(scorer)
        let fields = scorer.fields.filter { [.integer, .number].contains($0.form) && $0.steps != nil }
        func extremes(_ field: FieldDeclaration) -> [JSON] {
            field.form == .integer ? OddValues.integers.map { JSON($0) } : OddValues.numbers.map { JSON($0) }
        }
        let each = fields.flatMap { field in extremes(field).map { maker.set(field, $0, in: maker.plain) } }
        let together = (0..<13)
            .map { place in
                fields.reduce(maker.plain) { row, field in
                    let values = extremes(field)
                    return maker.set(field, values[place % values.count], in: row)
                }
            }
        return fields.count > 1 ? each + together : each
    }

    static let oddJSON = aboutRows(
        "C26",
        "odd-json",
        meaning: "JSON of any shape does no harm: deep, wide, empty, of another type than expected.",
        reason: "A field of kind JSON is any valid JSON, and the text of a value that is no string is JSON.",
        fix: "Bound the depth that you follow, and look at each value's type."
    ) { scorer in
        let maker = RowMaker(scorer)
        let fields = scorer.fields.filter { [.json, .text].contains($0.form) && $0.steps != nil }
        // The text of a string is the string, which is another check's.
        return fields.flatMap { field in
            OddValues.json.filter { field.form == .json || $0.kind != .string }
                .map { maker.set(field, $0, in: maker.plain) }
        }
    }

    static let spans = aboutRows(
        "C27",
        "spans",
        meaning: "Lists of spans that are empty, long, incomplete or in rings do no harm.",
        reason: "Traces come from applications: a span may lack anything but its id.",
        fix: "Take `parent` as -1 or an index before this one, and payloads as empty or any JSON."
    ) { scorer in
        let maker = RowMaker(scorer)
        let field = scorer.fields.first { $0.steps == nil }
        return field.map { field in
            OddValues.spans(field.spanTypes).map { maker.plain.replacing([.key("spans")], with: $0) ?? maker.plain }
        } ?? []
    }

    static let systemCalls = ConformanceCheck(
        "C28",
        "system-calls",
        .rows,
        meaning: "It calls nothing that the sandbox refuses.",
        reason: "What is refused fails, and under `--sandbox strict` the row does.",
        fix: "Do without the call, or ask for a permission with a reason."
    ) { subject in
        if subject.library?.description.requests.isEmpty == false {
            return .skipped("it asks for permissions, which only a lock grants")
        }
        var trial = RowTrial(number: "C28")
        trial.only = ["sandbox_denied"]
        trial.sandbox = .strict
        return await trial.run(subject, scorers: subject.soundScorers) { scorer in
            let maker = RowMaker(scorer)
            let field = scorer.fields.first { $0.form == .text && $0.steps != nil }
            let odd = field.map { field in
                OddValues.texts.prefix(12).map { maker.set(field, JSON($0), in: maker.plain) }
            }
            return maker.ordinary + (odd ?? [])
        }
    }

    /// A check that gives rows to every scorer that works at all.
    private static func aboutRows(
        _ number: String,
        _ name: String,
        meaning: String,
        reason: String,
        fix: String,
        _ rows: @escaping @Sendable (ScorerUnderTest) -> [JSON]
    ) -> ConformanceCheck {
        ConformanceCheck(number, name, .rows, meaning: meaning, reason: reason, fix: fix) { subject in
            await RowTrial(number: number).run(subject, scorers: subject.soundScorers, rows: rows)
        }
    }
}

/// Rows with large fields.
enum HugeRows {
    /// Rows with one field of a size, and with all fields of another.
    static func rows(_ scorer: ScorerUnderTest, one: Int, all: Int) -> [JSON] {
        let maker = RowMaker(scorer)
        let fields = scorer.fields.filter { [.text, .json].contains($0.form) && $0.steps != nil }
        guard !fields.isEmpty else { return [] }
        let together = OddValues.large(all)
            .map { text in
                fields.reduce(maker.plain) { row, field in maker.set(field, large(field, text), in: row) }
            }
        return fields.flatMap { field in
            // What is made of words is the largest; other texts of that size would take their time and tell no more.
            (OddValues.large(one).prefix(1) + OddValues.large(one / 8).dropFirst())
                .map { maker.set(field, large(field, $0), in: maker.plain) }
        }
            + together
    }

    private static func large(_ field: FieldDeclaration, _ text: String) -> JSON {
        field.form == .text ? JSON(text) : ["texts": [JSON(text), JSON(String(text.prefix(20)))]]
    }
}
