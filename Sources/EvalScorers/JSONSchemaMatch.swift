// json_schema: the answer is JSON of a given form.

public import EvalCore
public import EvalJSON

/// Whether the output is JSON that is valid against a JSON Schema.
public struct JSONSchemaMatch: BuiltInScorer {
    static let descriptor = ScorerDescriptor(
        "json_schema",
        help: "The output is JSON that is valid against a JSON Schema.",
        reads: ["outputs"],
        value: .boolean,
        pass: .yes,
        settings: [
            Setting("schema", .json, required: true, help: "The schema, of draft 2020-12."),
            .allowFence,
        ]
    )

    private let schema: JSONSchema
    private let allowFence: Bool
    private let reader = JSONReader()

    /// Makes the scorer.
    ///
    /// - Parameters:
    ///   - schema: A schema of draft 2020-12.
    ///   - allowFence: Whether the JSON may stand in a fence of Markdown.
    /// - Throws: Which part of the schema is wrong or isn't supported.
    public init(_ schema: JSON, allowFence: Bool = false) throws(Diagnostic) {
        self.schema = try JSONSchema.compiled(schema, of: "the schema of 'json_schema'")
        self.allowFence = allowFence
    }

    init(configuration: JSON) throws(Diagnostic) {
        try self.init(configuration["schema"] ?? .null, allowFence: configuration.flag("allow_fence"))
    }

    /// Judges one row; the rationale says where and what is wrong first.
    public func score(_ row: Row) throws(ScorerError) -> Verdict {
        let output = try row.neededOutput()
        let value: JSON
        do throws(JSONError) {
            value = try reader.json(of: output, allowingFence: allowFence)
        } catch {
            return .boolean(false, rationale: "the output is not JSON: \(error.description)")
        }
        do throws(JSONSchemaError) {
            guard let violation = try schema.firstViolation(in: value) else { return .boolean(true) }
            return .boolean(false, rationale: "\(violation) (\(violation.keyword))")
        } catch {
            throw ScorerError(code: "schema_limit", message: error.message)
        }
    }
}

extension JSONSchema {
    /// Reads a schema whose patterns have the rules of `regex_match`.
    ///
    /// - Parameters:
    ///   - schema: A schema of draft 2020-12.
    ///   - what: What it is, for messages.
    /// - Returns: The schema.
    /// - Throws: Which part of it is wrong or isn't supported.
    public static func compiled(_ schema: JSON, of what: String) throws(Diagnostic) -> JSONSchema {
        do throws(JSONSchemaError) {
            return try JSONSchema(schema, patterns: matcher)
        } catch {
            throw Diagnostic(
                "\(what) can't be used: \(error.description)",
                didYouMean: error.unknownKeyword.flatMap { nearestWord(to: $0, among: keywords) }
            )
        }
    }

    /// A pattern of a schema.
    private static func matcher(_ source: String) throws(JSONSchemaError) -> JSONSchema.PatternMatcher {
        let pattern: Pattern
        do throws(Diagnostic) {
            pattern = try Pattern(source, of: "json_schema")
        } catch {
            throw JSONSchemaError(error.message)
        }
        return { text throws(JSONSchemaError) in
            do throws(ScorerError) {
                return try text.withUTF8 { utf8 throws(ScorerError) in try pattern.matches(utf8) }
            } catch {
                throw JSONSchemaError(error.message)
            }
        }
    }
}
