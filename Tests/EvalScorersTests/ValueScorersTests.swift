// The scorers that compare values instead of texts: JSON, JSON Schema, numbers.

import EvalCore
import EvalJSON
import Testing

@testable import EvalScorers

@Suite struct ValueScorersTests {
    static func make(_ name: String, _ settings: JSON = [:]) async throws -> any Scorer {
        let descriptor = try #require(BuiltInScorers().descriptors.first { $0.name == name })
        return try await BuiltInScorers().make(descriptor, configuration: settings)
    }

    static func verdict(_ name: String, _ settings: String, _ output: JSON?, _ expected: JSON?) async throws -> Verdict
    {
        let scorer = try await make(name, JSON(parsing: settings))
        return try #require(await scorer.score([try Row.make(output, expecting: expected)]).first)
    }

    @Test(
        "the output is the expected JSON, or the rationale says where it differs",
        arguments: [
            ("{}", #"{"b": [1, 2.0], "a": "é"}"#, #"{"a":"\u00e9","b":[1.0,2]}"#, nil),
            ("{}", "\n [1] ", "[1]", nil), ("{}", #""Paris""#, #""Paris""#, nil), ("{}", "null", "null", nil),
            ("{}", #"{"a": 1}"#, #"{"a": 2}"#, "/a is another value"),
            ("{}", #"{"a": 1}"#, #"{"a": "1"}"#, "/a is another type of value"),
            (
                "{}", #"{"a": {"b": [1, {"c~/": 2}]}}"#, #"{"a": {"b": [1, {"c~/": 3}]}}"#,
                "/a/b/1/c~0~1 is another value"
            ),
            ("{}", #"{"a": 1}"#, #"{"a": 1, "b": 2}"#, "/b is missing"),
            ("{}", #"{"a": 1, "b": 2}"#, #"{"a": 1}"#, "/b is unexpected"),
            ("{}", "[1, 2]", "[1]", "the value has 2 elements in place of 1"),
            ("{}", "[2, 1]", "[1, 2]", "/0 is another value"), ("{}", "1", "[1]", "the value is another type of value"),
            (#"{"ignore_order": true}"#, "[2, 1, [4, 3]]", "[[3, 4], 1, 2]", nil),
            (#"{"ignore_order": true}"#, "[1, 1, 2]", "[1, 2, 2]", "the value lacks the expected element 2"),
            (#"{"ignore_order": true}"#, #"{"t": [1, 2]}"#, #"{"t": [1]}"#, "/t has 2 elements in place of 1"),
            (#"{"ignore_order": true}"#, #"[{"a": 1, "b": [1, 2]}]"#, #"[{"b": [2, 1], "a": 1.0}]"#, nil),
            (#"{"ignore_extra_keys": true}"#, #"{"a": {"x": 1, "y": 2}, "b": 3}"#, #"{"a": {"x": 1}}"#, nil),
            (#"{"ignore_extra_keys": true}"#, #"{"a": {"y": 2}}"#, #"{"a": {"x": 1}}"#, "/a/x is missing"),
            // The first element fits both expected ones, so it must be kept for the second.
            (
                #"{"ignore_order": true, "ignore_extra_keys": true}"#, #"[{"a": 1, "b": 2}, {"a": 1}]"#,
                #"[{"a": 1}, {"b": 2}]"#, nil
            ),
            (
                #"{"ignore_order": true, "ignore_extra_keys": true}"#, #"[{"a": 1, "b": 2}, {"a": 1}]"#,
                #"[{"b": 2}, {"b": 2}]"#, "the value lacks the expected element 1"
            ),
            (#"{"allow_fence": true}"#, "```json\n{\"a\": 1}\n```\n", #"{"a": 1}"#, nil),
            (#"{"allow_fence": true}"#, " ```\n[1]```", "[1]", nil), (#"{"allow_fence": true}"#, "[1]", "[1]", nil),
        ] as [(String, String, String, String?)]
    )
    func jsonMatch(settings: String, output: String, expected: String, difference: String?) async throws {
        let wanted = Verdict.boolean(difference == nil, rationale: difference)
        #expect(try await Self.verdict("json_match", settings, JSON(output), JSON(expected)) == wanted)
        // The same as values instead of texts.
        if settings.contains("fence") == false {
            let (value, other) = (try JSON(parsing: output), try JSON(parsing: expected))
            if value.kind != .string && !value.isNull {
                #expect(try await Self.verdict("json_match", settings, value, other) == wanted)
            }
        }
    }

    @Test("an output that is no JSON is a no with its reason, an expected response that is none an error")
    func noJSON() async throws {
        for output in ["The answer is {}", "", "{'a': 1}", "```json\n{}\n```", "[1,]"] {
            let verdict = try await Self.verdict("json_match", "{}", JSON(output), "{}")
            #expect(verdict.values.first?.value == .boolean(false))
            #expect(verdict.values.first?.rationale?.hasPrefix("the output is not JSON: ") == true)
        }
        let verdict = try await Self.verdict("json_match", "{}", "{}", "a sentence")
        guard case .errored(let error) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(error.code == "invalid_expectation")
        #expect(error.message.hasPrefix("'expectations.expected_response' is not JSON: "))
    }

    @Test("the last assistant text of a chat completion is what is read")
    func chat() async throws {
        let chat: JSON = ["choices": [["message": ["role": "assistant", "content": #"{"a": 1}"#]]]]
        #expect(try await Self.verdict("json_match", "{}", chat, ["a": 1]) == .boolean(true))
        let schema = #"{"schema": {"required": ["a"]}}"#
        #expect(try await Self.verdict("json_schema", schema, chat, nil) == .boolean(true))
    }

    @Test("arrays that are too large to compare in any order are an error on the row, equal ones are not")
    func largeArrays() async throws {
        let settings = #"{"ignore_order": true, "ignore_extra_keys": true}"#
        let many = (0..<1000).map { JSON.object([("n", JSON($0)), ("x", 1)]) }
        let less = JSON.array((0..<1000).map { ["n": JSON($0)] })
        #expect(try await Self.verdict("json_match", settings, .array(many), .array(many.reversed())) == .boolean(true))
        let verdict = try await Self.verdict("json_match", settings, .array(many.reversed()), less)
        guard case .errored(let error) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(error.code == "too_large")
    }

    @Test("an object of many keys is compared in linear time, whatever their order")
    func manyKeys() async throws {
        let members = (0..<50_000).map { ("key number \($0)", JSON($0)) }
        let shuffled = members.reversed().map { $0 }
        let verdict = try await Self.verdict("json_match", "{}", .object(members), .object(shuffled))
        #expect(verdict == .boolean(true))
        #expect(JSON.object(members) == JSON.object(shuffled))
    }

    @Test(
        "the output is valid against the schema, or the rationale says where and why not",
        arguments: [
            (#"{"type": "object"}"#, "{}", nil),
            (#"{"type": "object"}"#, "[]", "at the top: must be an object, this is an array (type)"),
            (
                #"{"properties": {"items": {"items": {"required": ["price"]}}}}"#, #"{"items": [{"price": 1}, {}]}"#,
                "at /items/1: 'price' is missing (required)"
            ),
            (#"{"pattern": "^\\d+$"}"#, #""12""#, nil), (#"{"pattern": "^\\d+$"}"#, #""٤٢""#, nil),
            (#"{"pattern": "^\\d+$"}"#, #""x""#, #"at the top: doesn't match the pattern ^\d+$ (pattern)"#),
            (
                #"{"patternProperties": {"^s_": {"type": "string"}}}"#, #"{"s_a": 1}"#,
                "at /s_a: must be a string, this is an integer (type)"
            ),
            ("false", "1", "at the top: nothing is allowed here (false)"), ("true", "1", nil),
        ] as [(String, String, String?)]
    )
    func jsonSchema(schema: String, output: String, violation: String?) async throws {
        let settings = #"{"schema": \#(schema)}"#
        let verdict = try await Self.verdict("json_schema", settings, JSON(output), nil)
        #expect(verdict == .boolean(violation == nil, rationale: violation))
        let fenced = try await Self.verdict(
            "json_schema",
            #"{"schema": \#(schema), "allow_fence": true}"#,
            JSON("```json\n\(output)\n```"),
            nil
        )
        #expect(fenced == verdict)
    }

    @Test("an output that is no JSON is invalid, a runaway pattern an error on its row")
    func jsonSchemaLimits() async throws {
        let verdict = try await Self.verdict("json_schema", #"{"schema": {}}"#, "no JSON", nil)
        #expect(verdict.values.first?.value == .boolean(false))
        #expect(verdict.values.first?.rationale?.hasPrefix("the output is not JSON: ") == true)
        let text = JSON(String(repeating: "a", count: 40) + "b").serialized
        let runaway = try await Self.verdict("json_schema", #"{"schema": {"pattern": "^(a|a)*$"}}"#, JSON(text), nil)
        guard case .errored(let error) = runaway else {
            Issue.record("\(runaway)")
            return
        }
        #expect(error.code == "schema_limit" && !error.message.contains("aaa"))
    }

    @Test(
        "a schema that can't be used is refused before the first row",
        arguments: [
            ("{}", "'json_schema' needs the setting 'schema' (JSON)", nil),
            (
                #"{"schema": {"requierd": ["a"]}}"#,
                "the schema of 'json_schema' can't be used: there is no keyword 'requierd', at the top of the schema",
                "required"
            ),
            (
                #"{"schema": {"properties": {"a": {"pattern": "a("}}}}"#,
                "the schema of 'json_schema' can't be used: the pattern of 'json_schema' is wrong at character 3: missing closing parenthesis, at /properties/a/pattern of the schema",
                nil
            ),
            (
                #"{"schema": {"$ref": "other.json"}}"#,
                "the schema of 'json_schema' can't be used: '$ref' to 'other.json' leads out of the schema, which isn't supported, at the top of the schema",
                nil
            ),
            (
                #"{"schema": []}"#,
                "the schema of 'json_schema' can't be used: a schema is an object, true or false, at the top of the schema",
                nil
            ),
        ] as [(String, String, String?)]
    )
    func refusedSchemas(settings: String, message: String, suggestion: String?) async throws {
        let error = await #expect(throws: Diagnostic.self) {
            try await Self.make("json_schema", JSON(parsing: settings))
        }
        #expect(error?.message == message)
        #expect(error?.suggestion == suggestion)
    }

    @Test(
        "the last number of the output is the expected one",
        arguments: [
            ("42", "42", true), ("The answer is 42.", "42", true), ("42.0", "42", true),
            ("It is 41, no, 42!", "42", true),
            ("42 of 43", "42", false), ("$1,234.50", "1234.5", true), ("1'234'567", "1234567", true),
            ("1_000", "1000", true),
            ("1\u{a0}234\u{202f}567", "1234", false), ("1\u{202f}234\u{202f}567", "1234567", true),
            ("50 %", "50", true),
            ("50%", "0.5", false), ("€ 3.50", "3.5", true), ("-5", "-5", true), ("minus \u{2212}5", "-5", true),
            ("-$5", "-5", true), ("-€5", "-5", true), ("-£5", "-5", true), ("$-5", "-5", true), ("+5", "5", true),
            ("10-20", "20", true), ("covid-19", "19", true), ("(3)-2", "2", true), ("it is -0", "0", true),
            (".5", "0.5", true), ("-.5", "-0.5", true),
            ("1e3", "1000", true), ("1.5E-3", "0.0015", true), ("2e", "2", true), ("1e3x", "1", true),
            ("7em", "7", true),
            ("GPT4 says 5", "5", true), ("5 by GPT4", "5", true), ("v_2", "x 2", false), ("10km", "10", true),
            ("on 2.5.2024 it was 3", "3", true), ("it was 3 on 2.5.2024", "3", true), ("3,14", "14", true),
            ("1,2345", "2345", true), ("12345,678", "678", true), ("1,234,56", "56", true), ("答えは42です", "42", true),
            ("0.1", "0.10", true), ("0.3", "0.30000000000000004", false), ("007", "7", true),
            ("100000000000000000001", "100000000000000000001", true),
            ("100000000000000000001", "100000000000000000002", false), ("1000", "1,000.00", true),
            ("1e-400", "0", false),
        ]
    )
    func numbers(output: String, expected: String, isRight: Bool) async throws {
        let verdict = try await Self.verdict("numeric_match", "{}", JSON(output), JSON(expected))
        #expect(verdict.values.first?.value == .boolean(isRight), "\(verdict)")
    }

    @Test("numbers of JSON are numbers, and the rationale of a no is what was read")
    func jsonNumbers() async throws {
        #expect(try await Self.verdict("numeric_match", "{}", 42, 42.0) == .boolean(true))
        #expect(try await Self.verdict("numeric_match", "{}", 1e300, "1e300") == .boolean(true))
        #expect(
            try await Self.verdict("numeric_match", "{}", "about $1,041.50", 42)
                == .boolean(false, rationale: "read 1041.50, expected 42")
        )
        #expect(
            try await Self.verdict("numeric_match", "{}", "forty-two", 42)
                == .boolean(false, rationale: "the output has no number")
        )
        let verdict = try await Self.verdict("numeric_match", "{}", "42", "forty-two")
        #expect(
            verdict
                == .errored(
                    ScorerError(code: "invalid_expectation", message: "'expectations.expected_response' has no number")
                )
        )
    }

    @Test(
        "a tolerance is a distance, or a part of the expected number, in decimals",
        arguments: [
            (#"{"tolerance": 0.1}"#, "0.8", "0.7", true), (#"{"tolerance": 0.1}"#, "0.81", "0.7", false),
            (#"{"tolerance": 1}"#, "-1", "0", true), (#"{"tolerance": 1}"#, "1.0000001", "0", false),
            (#"{"relative": 0.01}"#, "99", "100", true), (#"{"relative": 0.01}"#, "98.99", "100", false),
            (#"{"relative": 0.01}"#, "-101", "-100", true), (#"{"relative": 0.01}"#, "0.001", "0", false),
            (#"{"relative": 0.01, "tolerance": 5}"#, "104", "100", true),
            (#"{"relative": 0.1, "tolerance": 5}"#, "109", "100", true),
            (#"{"tolerance": 1}"#, "1e300", "1.0000000000000002e300", false),
            (#"{"relative": 0.1}"#, "1e300", "1.05e300", true),
        ]
    )
    func tolerances(settings: String, output: String, expected: String, isRight: Bool) async throws {
        let verdict = try await Self.verdict("numeric_match", settings, JSON(output), JSON(expected))
        #expect(verdict.values.first?.value == .boolean(isRight), "\(verdict)")
    }
}
