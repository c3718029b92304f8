import EvalCore
import EvalJSON
import Testing

@Suite struct RowFilterTests {
    private let row: JSON = [
        "inputs": ["question": "Where is my REFUND?", "n": 7, "text": "12", "empty": nil],
        "tags": ["lang": "en", "a.b": "x"], "flag": true, "off": false,
    ]

    @Test(
        "conditions hold or not",
        arguments: [
            ("tags.lang = 'en'", true), ("tags.lang == 'de'", false), ("tags.lang != 'de'", true),
            ("tags.\"a.b\" = 'x'", true), ("inputs.n > 6.5 AND inputs.n <= 7", true), ("inputs.text >= 10", true),
            ("inputs.text < 10", false), ("inputs.question LIKE '%REFUND_'", true),
            ("inputs.question LIKE '%refund%'", false), ("inputs.question ILIKE '%refund%'", true),
            ("inputs.question NOT ILIKE '%refund%'", false), ("tags.lang IN ('de', 'en')", true),
            ("tags.lang NOT IN ('de', 'en')", false), ("inputs.empty IS NULL", true), ("inputs.none IS NULL", true),
            ("inputs.n IS NOT NULL", true), ("inputs.none = 'x'", false), ("inputs.none != 'x'", true),
            ("flag", true), ("off", false), ("NOT off", true), ("none", false), ("flag = true", true),
            ("off OR flag AND tags.lang = 'de'", false), ("(off OR flag) AND tags.lang = 'en'", true),
            ("not (tags.lang = 'de' or inputs.n = 8)", true), ("tags.lang = 'it''s'", false),
        ]
    )
    func holds(source: String, expected: Bool) throws {
        #expect(try RowFilter(source).holds(for: row) == expected)
    }

    @Test(
        "a malformed condition says what was expected and where",
        arguments: [
            ("", "a field was expected at character 1"), ("tags.lang = ", "character 13"),
            ("tags.lang 'en'", "AND, OR or the end"), ("(a = 1", "')' was expected"), ("a = 'open", "does not end"),
            ("a IN 'x'", "'('"), ("a ! 1", "stands alone"), ("a NOT = 1", "LIKE, ILIKE or IN"),
            ("a = b", "single quotes"),
        ]
    )
    func malformed(source: String, message: String) {
        let error = #expect(throws: Diagnostic.self) { try RowFilter(source) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}
