// The validator beside Python's jsonschema. `reference/json_schema_values.py` made the file and says how to make it anew.

import Foundation
import Testing

@testable import EvalJSON

@Suite struct JSONSchemaTests {
    static func schema(_ json: JSON) throws(JSONSchemaError) -> JSONSchema {
        try JSONSchema(json) { source throws(JSONSchemaError) in
            guard let regex = try? NSRegularExpression(pattern: source) else { throw JSONSchemaError("bad pattern") }
            return { text throws(JSONSchemaError) in
                let string = String(text)
                return regex.firstMatch(in: string, range: NSRange(string.startIndex..., in: string)) != nil
            }
        }
    }

    static func schema(parsing text: String) throws -> JSONSchema { try schema(JSON(parsing: text)) }

    @Test("values are valid, or wrong at the same places for the same keywords, as in Python's jsonschema")
    func reference() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/json_schema_values.json")
        let cases = try JSON(parsing: Data(contentsOf: file))
        #expect(cases.count > 400)
        for each in cases.elements {
            let schema = try Self.schema(try #require(each["schema"]))
            let value = try #require(each["value"])
            let expected = each["violations"]?.elements.map { "\($0[0] ?? "") \($0[1] ?? "")" } ?? []
            let found = try schema.violations(in: value)
            let words = found.map { "\(JSON($0.pointer)) \(JSON($0.keyword))" }
            #expect(words.sorted() == expected.sorted(), "\(each)")
            #expect(try schema.firstViolation(in: value) == found.first)
        }
    }

    @Test(
        "a violation says where and what is wrong, in the order of the schema, without the value",
        arguments: [
            (
                #"{"type": ["integer", "null"]}"#, #""secret""#,
                "at the top: must be an integer or null, this is a string"
            ),
            (#"{"properties": {"a": {"items": {"minimum": 0}}}}"#, #"{"a": [1, -7]}"#, "at /a/1: must be at least 0"),
            (#"{"required": ["a", "b"]}"#, #"{"a": 1}"#, "at the top: 'b' is missing"),
            (#"{"dependentRequired": {"a": ["b"]}}"#, #"{"a": 1}"#, "at the top: with 'a', 'b' is missing"),
            (
                #"{"additionalProperties": false}"#, #"{"x": 1, "y": 2}"#,
                "at the top: has properties that aren't allowed: 'x', 'y'"
            ),
            (#"{"enum": ["a", "b"]}"#, #""secret""#, "at the top: is none of the 2 values that are allowed"),
            (#"{"const": "a"}"#, #""secret""#, "at the top: isn't the one value that is allowed"),
            (#"{"maxLength": 3}"#, #""secret""#, "at the top: must have at most 3 characters, it has 6"),
            (#"{"pattern": "^x"}"#, #""secret""#, "at the top: doesn't match the pattern ^x"),
            (
                #"{"prefixItems": [true], "items": false}"#, "[1, 2, 3]",
                "at the top: must have at most 1 elements, it has 3"
            ),
            (
                #"{"contains": {"type": "null"}, "minContains": 2}"#, "[null]",
                "at the top: has 1 of 2 elements that 'contains' asks for"
            ),
            (#"{"uniqueItems": true}"#, "[1, 1.0]", "at the top: must not have the same element twice"),
            (#"{"multipleOf": 0.01}"#, "0.005", "at the top: must be a multiple of 0.01"),
            (#"{"oneOf": [{"type": "integer"}, {"minimum": 1}]}"#, "2", "at the top: fits several schemas of 'oneOf'"),
            (
                #"{"anyOf": [{"type": "integer"}, {"type": "null"}]}"#, #""x""#,
                "at the top: fits none of the 2 schemas of 'anyOf'"
            ),
            (#"{"not": {"type": "string"}}"#, #""x""#, "at the top: fits the schema of 'not'"),
            (#"{"properties": {"a/b": false}}"#, #"{"a/b": 1}"#, "at /a~1b: nothing is allowed here"),
            (
                #"{"propertyNames": {"maxLength": 1}}"#, #"{"ab": 1}"#,
                "at the top: must have at most 1 characters, it has 2"
            ),
        ]
    )
    func messages(schema: String, value: String, message: String) throws {
        let violation = try Self.schema(parsing: schema).firstViolation(in: JSON(parsing: value))
        #expect(violation?.description == message)
    }

    @Test("a violation has the place of its keyword in the schema")
    func schemaPointer() throws {
        let schema = try Self.schema(
            parsing:
                ##"{"$defs": {"n": {"minimum": 3}}, "properties": {"a": {"allOf": [true, {"$ref": "#/$defs/n"}]}}}"##
        )
        let violation = try #require(try schema.firstViolation(in: ["a": 1]))
        #expect(violation.schemaPointer == "/$defs/n/minimum")
        #expect(violation.keyword == "minimum" && violation.pointer == "/a")
    }

    @Test(
        "what isn't known, isn't supported or has a wrong value is refused, and the words say where",
        arguments: [
            (#"{"requried": ["a"]}"#, "there is no keyword 'requried', at the top of the schema"),
            (
                #"{"properties": {"a": {"unevaluatedProperties": false}}}"#,
                "'unevaluatedProperties' isn't supported; write 'additionalProperties' beside the properties themselves,"
                    + " at /properties/a of the schema"
            ),
            (
                #"{"dependencies": {}}"#,
                "'dependencies' isn't supported; use 'dependentRequired' or 'dependentSchemas', at the top of the schema"
            ),
            (##"{"$dynamicRef": "#a"}"##, "'$dynamicRef' isn't supported; use '$ref', at the top of the schema"),
            (
                #"{"items": [{"type": "null"}]}"#,
                "'items' is one schema; use 'prefixItems' for a list of them, at the top of the schema"
            ),
            (
                #"{"$ref": "https://example.org/other"}"#,
                "'$ref' to 'https://example.org/other' leads out of the schema, which isn't supported, at the top of the schema"
            ),
            (##"{"not": {"$ref": "#/$defs/x"}}"##, "'$ref' to '#/$defs/x' leads nowhere, at /not of the schema"),
            (##"{"$ref": "#x"}"##, "'$ref' to '#x' leads nowhere, at the top of the schema"),
            (
                #"{"$schema": "http://json-schema.org/draft-07/schema#"}"#,
                "'$schema' names 'http://json-schema.org/draft-07/schema#', and only"
                    + " https://json-schema.org/draft/2020-12/schema is supported, at the top of the schema"
            ),
            (#"{"not": {"$id": "a"}}"#, "'$id' is supported at the top only, at /not of the schema"),
            (
                #"{"type": "text"}"#,
                "'type' must be a type or a list of types: null, boolean, integer, number, string, array, object, at the top of the schema"
            ),
            (#"{"minLength": -1}"#, "'minLength' must be an integer from 0, at the top of the schema"),
            (#"{"maxItems": 1.5}"#, "'maxItems' must be an integer from 0, at the top of the schema"),
            (
                #"{"contains": true, "minContains": "1"}"#,
                "'minContains' must be an integer from 0, at the top of the schema"
            ),
            (#"{"multipleOf": 0}"#, "'multipleOf' must be a number above 0, at the top of the schema"),
            (#"{"minimum": "1"}"#, "'minimum' must be a number, at the top of the schema"),
            (#"{"uniqueItems": 1}"#, "'uniqueItems' must be true or false, at the top of the schema"),
            (#"{"required": "a"}"#, "'required' must be a list of keys, at the top of the schema"),
            (#"{"enum": 1}"#, "'enum' must be a list, at the top of the schema"),
            (#"{"anyOf": []}"#, "'anyOf' must be a list of schemas, at the top of the schema"),
            (#"{"properties": []}"#, "'properties' must be an object of schemas, at the top of the schema"),
            (#"{"properties": {"a": 1}}"#, "a schema is an object, true or false, at /properties/a of the schema"),
            (#"{"$defs": {"a": {"pattern": "("}}}"#, "bad pattern, at /$defs/a/pattern of the schema"),
            (#"{"patternProperties": {"(": {}}}"#, "bad pattern, at /patternProperties of the schema"),
            ("[]", "a schema is an object, true or false, at the top of the schema"),
        ]
    )
    func refused(schema: String, message: String) throws {
        let error = #expect(throws: JSONSchemaError.self) { try Self.schema(parsing: schema) }
        #expect(error?.description == message)
    }

    @Test("an unknown keyword is told apart, and keys of one's own begin with x-")
    func unknown() throws {
        let error = #expect(throws: JSONSchemaError.self) { try Self.schema(["titel": "x"]) }
        #expect(error?.unknownKeyword == "titel")
        #expect(JSONSchema.keywords.contains("title") && JSONSchema.keywords == JSONSchema.keywords.sorted())
        #expect(try Self.schema(["x-order": 1]).firstViolation(in: 5) == nil)
    }

    @Test(
        "a schema that refers to itself without going into a part of the value is refused",
        arguments: [
            ##"{"$ref": "#"}"##, ##"{"allOf": [{"$ref": "#"}]}"##, ##"{"not": {"$ref": "#"}}"##,
            ##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"if": {"$ref": "#/$defs/a"}}}}"##,
            ##"{"dependentSchemas": {"a": {"$ref": "#"}}}"##,
        ]
    )
    func loops(schema: String) throws {
        let error = #expect(throws: JSONSchemaError.self) { try Self.schema(parsing: schema) }
        #expect(error?.message == "the schema refers to itself without an end")
    }

    @Test(
        "a value that is nested too deeply for a recursive schema is an error, and so is one that takes too much work"
    )
    func limits() throws {
        let tree = try Self.schema(parsing: ##"{"items": {"$ref": "#"}}"##)
        let shallow = String(repeating: "[", count: 150) + String(repeating: "]", count: 150)
        #expect(try tree.firstViolation(in: JSON(parsing: shallow)) == nil)
        let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        let error = #expect(throws: JSONSchemaError.self) { try tree.firstViolation(in: JSON(parsing: deep)) }
        #expect(error?.message == "the value is nested too deeply for the schema")
        // Each level is looked at twice for each look from above.
        let wide = try Self.schema(
            parsing: ##"{"anyOf": [{"items": {"$ref": "#"}, "minItems": 9}, {"items": {"$ref": "#"}, "maxItems": 0}]}"##
        )
        let nested = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        let value = try JSON(parsing: nested)
        let tooMuch = #expect(throws: JSONSchemaError.self) {
            var validation = SchemaValidation(wide.nodes, limit: 1, stepLimit: 10_000)
            _ = try validation.check(value, against: 0)
        }
        #expect(tooMuch?.message == "the value takes too much work for the schema")
    }

    @Test(
        "multiples are those of the decimals as they are written, where binary fractions would be off",
        arguments: [
            ("0.3", "0.1", true), ("19.99", "0.01", true), ("0.075", "0.01", false), ("1e-7", "1e-8", true),
            ("1e-8", "1e-7", false), ("123456789.123", "0.001", true), ("-0.6", "0.2", true), ("1e300", "0.3", false),
            ("9e300", "0.3", true), ("1e22", "7", false), ("0", "0.1", true), ("9007199254740993", "2", false),
            ("1e-320", "3", false), ("3", "1e-320", true),
        ]
    )
    func decimals(number: String, divisor: String, isMultiple: Bool) throws {
        let schema = try Self.schema(parsing: #"{"multipleOf": \#(divisor)}"#)
        #expect(try (schema.firstViolation(in: JSON(parsing: number)) == nil) == isMultiple)
    }

    @Test("of a key written twice the last counts, in schemas and in values")
    func keysTwice() throws {
        let schema = try Self.schema(
            parsing:
                #"{"type": "array", "type": "object", "properties": {"a": {"type": "null"}}, "additionalProperties": false}"#
        )
        #expect(try schema.firstViolation(in: JSON(parsing: #"{"a": 1, "a": null}"#)) == nil)
        #expect(try schema.firstViolation(in: JSON(parsing: #"{"a": null, "a": 1}"#)) != nil)
    }

    @Test("as many violations are found as are asked for")
    func limit() throws {
        let schema = try Self.schema(["items": ["type": "null"]])
        let value = JSON.array(Array(repeating: 1, count: 500))
        #expect(try schema.violations(in: value).count == 100)
        #expect(try schema.violations(in: value, limit: 3).map(\.pointer) == ["/0", "/1", "/2"])
    }
}
