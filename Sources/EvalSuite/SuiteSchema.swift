// The JSON Schema of evalhost.yaml, for editors: from the table of keys and from what the scorers say of themselves.

public import EvalCore
public import EvalJSON

/// The published schema (JSON Schema, draft 2020-12).
public enum SuiteSchema {
    /// The schema with the settings of these scorers.
    ///
    /// - Parameter scorers: The built-in ones, or also those of plugins. Other names stay allowed: a suite may name a
    ///   plugin that the schema doesn't know.
    /// - Returns: The schema.
    public static func make(scorers: [ScorerDescriptor]) -> JSON {
        var properties: [(String, JSON)] = []
        for key in SuiteKey.all {
            let schema = key.name == "scorers" ? list(of: scorers) : key.schema
            properties.append((key.name, adding(description: key.help, to: schema)))
        }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "evalhost.yaml",
            "description": "What evalhost evaluates, with which scorers, and what must hold.",
            "type": "object",
            "properties": .object(properties),
            "additionalProperties": false,
        ]
    }

    static let predict: JSON = [
        "type": "object",
        "properties": [
            "command": ["type": "string", "description": "A command that answers lines of JSON."],
            "url": ["type": "string", "description": "An address that answers POST."],
            "output_path": [
                "type": "string", "description": "Where the outputs are in the reply; outputs by default.",
            ],
            "headers": ["type": "object", "additionalProperties": ["type": "string"]],
            "concurrency": ["type": "integer", "minimum": 1],
            "processes": ["type": "integer", "minimum": 1],
            "in_flight": ["type": "integer", "minimum": 1],
            "model": model, "prompt": ["type": "string", "description": "The file of the model's prompt."],
            "parameters": parameters, "base_url": baseURL, "api_key_env": keyVariable, "api_key_file": keyFile,
            "structured": structured, "requests_per_minute": perMinute, "tokens_per_minute": perMinute,
            "tokens_parameter": tokensParameter,
        ],
        "additionalProperties": false,
    ]

    static let judge: JSON = [
        "type": "object",
        "properties": [
            "model": model,
            "cache": [
                "enum": .array(CacheMode.allCases.map { JSON($0.rawValue) }),
                "description": "Which replies of earlier runs are used instead of calls.",
            ],
            "parameters": parameters, "base_url": baseURL,
            "headers": ["type": "object", "additionalProperties": ["type": "string"]], "api_key_env": keyVariable,
            "api_key_file": keyFile, "structured": structured, "requests_per_minute": perMinute,
            "tokens_per_minute": perMinute, "tokens_parameter": tokensParameter,
        ],
        "additionalProperties": false,
    ]

    static let judges: JSON = [
        "type": "array", "items": ["anyOf": [["type": "string", "description": "A file."], ["type": "object"]]],
    ]

    private static let model: JSON = [
        "type": "string",
        "description": "openai:/NAME, anthropic:/NAME, or endpoint:/URL#NAME for a server with chat completions.",
    ]
    private static let parameters: JSON = [
        "type": "object", "description": "temperature, top_p, max_tokens, seed, reasoning_effort, and others.",
    ]
    private static let baseURL: JSON = ["type": "string", "description": "The address before /chat/completions."]
    private static let keyVariable: JSON = ["type": "string", "description": "The variable that holds the key."]
    private static let keyFile: JSON = ["type": "string", "description": "The file that holds the key."]
    private static let structured: JSON = ["enum": .array(JudgeSection.structures.map { JSON($0) })]
    private static let tokensParameter: JSON = ["enum": ["max_tokens", "max_completion_tokens"]]
    private static let perMinute: JSON = ["type": "number", "exclusiveMinimum": 0]

    static let anyScorers: JSON = ["type": "array"]

    private static func list(of scorers: [ScorerDescriptor]) -> JSON {
        let known = scorers.map { ($0.name, configuration(of: $0)) }
        let item: JSON = [
            "anyOf": [
                ["type": "string"],
                [
                    "type": "object", "minProperties": 1, "maxProperties": 1, "properties": .object(known),
                    "additionalProperties": ["anyOf": [["type": "object"], ["type": "null"]]],
                ],
            ]
        ]
        return ["type": "array", "items": item]
    }

    private static func configuration(of scorer: ScorerDescriptor) -> JSON {
        var properties = scorer.settings.map { ($0.key, schema(of: $0)) }
        properties += hostKeys
        let required = scorer.settings.filter(\.isRequired).map { JSON($0.key) }
        return [
            "description": JSON(scorer.help),
            "type": .array(required.isEmpty ? ["object", "null"] : ["object"]),
            "properties": .object(properties),
            "required": .array(required),
            "additionalProperties": false,
        ]
    }

    private static let hostKeys: [(String, JSON)] = [
        ("name", ["type": "string", "description": "The name of its metrics."]),
        (
            "reads",
            [
                "type": "object", "additionalProperties": ["type": "string"],
                "description": "Other fields of the row in place of those that the scorer reads.",
            ]
        ),
        (
            "pass",
            [
                "anyOf": [["type": "string"], ["type": "number"], ["type": "boolean"]],
                "description": "When a row passes: '>= 0.8', yes, or labels separated by |.",
            ]
        ),
        (
            "aggregations",
            [
                "anyOf": [["type": "string"], ["type": "array", "items": ["type": "string"]]],
                "description": JSON("What the report shows, of \(Aggregation.words.joined(separator: ", "))."),
            ]
        ),
        ("timeout", ["type": "number", "exclusiveMinimum": 0, "description": "Seconds for one row."]),
        ("on_missing", ["enum": ["error", "skip"], "description": "What a missing field means."]),
    ]

    private static func schema(of setting: Setting) -> JSON {
        var schema: [(String, JSON)]
        switch setting.kind {
        case .boolean: schema = [("type", "boolean")]
        case .integer: schema = [("type", "integer")]
        case .number: schema = [("type", "number")]
        case .text: schema = [("type", "string")]
        case .choice(let words): schema = [("enum", .array(words.map { JSON($0) }))]
        case .texts: schema = [("anyOf", [["type": "string"], ["type": "array", "items": ["type": "string"]]])]
        case .json: schema = []
        }
        if let range = setting.range {
            if range.lowerBound.isFinite { schema.append(("minimum", JSON(range.lowerBound))) }
            if range.upperBound.isFinite { schema.append(("maximum", JSON(range.upperBound))) }
        }
        if let value = setting.defaultValue { schema.append(("default", value)) }
        schema.append(("description", JSON(setting.help)))
        return .object(schema)
    }

    private static func adding(description: String, to schema: JSON) -> JSON {
        .object([("description", JSON(description))] + schema.members.map { (String($0.key), $0.value) })
    }
}
