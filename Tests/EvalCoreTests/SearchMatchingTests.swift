// How the comparisons of a search are decided.

import EvalCore
import Testing

@Suite struct SearchMatchingTests {
    @Test(
        "LIKE minds upper and lower case, ILIKE doesn't",
        arguments: [
            ("Name%", "Name a", true, true), ("name%", "Name a", false, true), ("%e_A", "Name a", false, true),
            ("_", "é", true, true), ("", "", true, true), ("", "x", false, false), ("%%", "", true, true),
            ("a%b%c", "a-b-b-c", true, true), ("ÄRGER", "ärger", false, true), ("100\\%", "100%", false, false),
            ("a.c", "abc", false, false),
        ]
    )
    func like(_ pattern: String, _ text: String, _ exact: Bool, _ caseless: Bool) {
        #expect(LikePattern(pattern).matches(text) == exact)
        #expect(LikePattern(pattern, ignoresCase: true).matches(text) == caseless)
    }

    @Test(
        "regular expressions are found anywhere",
        arguments: [
            ("b+", "abbc", true), ("^b", "abc", false), ("^Name [a-c]$", "Name b", true),
            ("^Name [a-c]$", "Name bb", false),
            ("[ad]", "xdx", true), ("[^a-z]", "abc", false), ("[]x]", "]", true), ("[a\\-z]", "-", true),
            ("a|b|", "", true),
            ("(ab)*c", "ababc", true), ("^(?:a|bc){2,3}$", "abc", true), ("^(?:a|bc){2,3}$", "aaaa", false),
            ("^a{2}$", "aa", true), ("a{,2}b", "b", true), ("x{", "x{", true), ("\\d+ \\w\\S", "12 ab", true),
            ("\\.", "a", false),
            ("\\bcat\\b", "a cat!", true), ("\\bcat\\b", "concat", false), ("(?i)ÜNÏ", "xünïx", true),
            ("ünï.実", "ünï 実", true),
            ("a.c", "a\nc", false), ("\\x41\\u00e9", "Aé", true), ("(?P<n>a)b", "ab", true), ("a??b", "b", true),
            ("", "x", true),
            ("^$", "", true), ("(|a)+$", "aaa", true), ("(a*)*$", "aab", true),
        ]
    )
    func expressions(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try SearchExpression(pattern).isFound(in: text) == expected)
    }

    @Test(
        "expressions that can't be read are refused",
        arguments: [
            "(a", "a)", "[a", "*a", "a**", "(?=a)", "(?<!a)b", "\\1", "\\q", "\\", "[z-a]", "a{3,1}", "a{2000}", "^*",
            "\\x4",
            "((((a{99}){99}){99}){99}){99}", "(?<n", String(repeating: "(", count: 200),
        ]
    )
    func refused(_ pattern: String) {
        #expect(throws: Diagnostic.self) { try SearchExpression(pattern) }
    }

    @Test("an expression that makes others try for ever takes time in proportion to the text")
    func evil() throws {
        let text = String(repeating: "a", count: 20_000) + "b"
        #expect(try !SearchExpression("^(a+)+$").isFound(in: text))
        #expect(try !SearchExpression("^(a|a|aa)*c$").isFound(in: text))
    }

    @Test("what isn't there satisfies IS NULL only")
    func missing() throws {
        for comparator in SearchFilter.Comparator.allCases where comparator != .isNull {
            let condition = SearchFilter.Condition(.tag, "k", comparator, .text("x"))
            #expect(try !condition.holds(for: String?.none))
            #expect(!condition.holds(for: Double?.none))
        }
        #expect(try SearchFilter.Condition(.tag, "k", .isNull).holds(for: String?.none))
        #expect(try !SearchFilter.Condition(.tag, "k", .isNull).holds(for: "x"))
        #expect(try SearchFilter.Condition(.tag, "k", .isNotNull).holds(for: "x"))
    }

    @Test("texts and numbers are compared as what they are")
    func comparisons() throws {
        #expect(try SearchFilter.Condition(.tag, "k", .unequal, .text("a")).holds(for: "b"))
        #expect(try SearchFilter.Condition(.tag, "k", .among, .texts(["a", "b"])).holds(for: "b"))
        #expect(try SearchFilter.Condition(.tag, "k", .notAmong, .texts(["a", "b"])).holds(for: "c"))
        #expect(try SearchFilter.Condition(.tag, "k", .matches, .text("^b")).holds(for: "bc"))
        #expect(SearchFilter.Condition(.metric, "k", .atMost, .number(2)).holds(for: 2.0))
        #expect(!SearchFilter.Condition(.metric, "k", .above, .number(2)).holds(for: Double.nan))
        #expect(try SearchFilter.Condition(.feedback, "k", .above, .number(2)).holds(for: "10"))
    }
}
