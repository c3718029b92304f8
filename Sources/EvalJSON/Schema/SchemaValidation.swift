// Holds a value against the nodes of a schema. Depth and work are bounded, whatever the schema and the value are.

/// One validation.
struct SchemaValidation {
    /// How many schemas within schemas a value is held against.
    private static let depthLimit = 400
    let nodes: [SchemaNode]
    /// What is wrong, up to the limit.
    private(set) var found: [JSONSchemaViolation] = []
    private let limit: Int
    /// How many times a value or a part of it is held against a schema.
    private let stepLimit: Int
    /// Where in the value the part is that is looked at.
    private var path: [JSONPath.Step] = []
    /// Above 0 while only a yes or no is asked for, so that nothing is written down.
    private var questions = 0
    private var depth = 0
    private var steps = 0

    /// A validation that finds up to `limit` violations; the default limit of steps is some seconds of work.
    init(_ nodes: [SchemaNode], limit: Int, stepLimit: Int = 10_000_000) {
        self.nodes = nodes
        self.limit = limit
        self.stepLimit = stepLimit
    }

    /// Whether no more violations are wanted.
    private var isFinished: Bool { questions > 0 || found.count >= limit }

    /// Whether a value is valid; what is wrong with it is found.
    mutating func check(_ value: JSON, against schema: Int) throws(JSONSchemaError) -> Bool {
        depth += 1
        steps += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw JSONSchemaError("the value is nested too deeply for the schema") }
        if steps > stepLimit { throw JSONSchemaError("the value takes too much work for the schema") }
        var isValid = true
        for rule in nodes[schema].rules {
            if try holds(rule, of: schema, value) { continue }
            isValid = false
            if isFinished { break }
        }
        return isValid
    }

    /// Whether a part of the value is valid.
    mutating func check(_ part: JSON, at step: JSONPath.Step, against schema: Int) throws(JSONSchemaError) -> Bool {
        // A schema without demands is frequent, and needs no look.
        if nodes[schema].rules.isEmpty { return true }
        path.append(step)
        defer { path.removeLast() }
        return try check(part, against: schema)
    }

    /// Whether all of some checks hold; after the last violation that is wanted no more are made.
    mutating func all<Element>(
        _ elements: some Sequence<Element>,
        _ check: (inout SchemaValidation, Element) throws(JSONSchemaError) -> Bool
    ) throws(JSONSchemaError) -> Bool {
        var isValid = true
        for element in elements {
            if try check(&self, element) { continue }
            isValid = false
            if isFinished { break }
        }
        return isValid
    }

    /// Whether a value would be valid; nothing is found.
    mutating func fits(_ value: JSON, _ schema: Int) throws(JSONSchemaError) -> Bool {
        questions += 1
        defer { questions -= 1 }
        return try check(value, against: schema)
    }

    /// Finds a violation unless a condition holds.
    ///
    /// - Returns: Whether it holds.
    mutating func require(
        _ condition: Bool,
        _ rule: SchemaRule,
        of schema: Int,
        keyword: String? = nil,
        _ message: @autoclosure () -> String
    ) -> Bool {
        if condition || isFinished { return condition }
        let keyword = keyword ?? rule.keyword
        found.append(
            JSONSchemaViolation(
                pointer: path.pointer,
                keyword: keyword,
                schemaPointer: "\(nodes[schema].pointer)/\(keyword)",
                message: message()
            )
        )
        return false
    }

    /// Whether a value is as a keyword asks.
    private mutating func holds(_ rule: SchemaRule, of schema: Int, _ value: JSON) throws(JSONSchemaError) -> Bool {
        switch rule.demand {
        case .nothingFits, .type, .oneOf, .bound, .multiple, .length, .pattern:
            return try holdsForAny(rule, of: schema, value)
        case .elementCount, .unique, .elements, .otherElements, .containing:
            return value.kind == .array ? try holdsForArray(rule, of: schema, value) : true
        case .memberCount, .required, .requiredWith, .schemaWith, .members, .membersMatching, .otherMembers, .names:
            return value.kind == .object ? try holdsForObject(rule, of: schema, value) : true
        case .reference(let target):
            return try check(value, against: target)
        case .every(let schemas):
            return try all(schemas) { it, each throws(JSONSchemaError) in try it.check(value, against: each) }
        case .any(let schemas):
            for each in schemas { if try fits(value, each) { return true } }
            return require(false, rule, of: schema, "fits none of the \(schemas.count) schemas of 'anyOf'")
        case .one(let schemas):
            var fitting = 0
            for each in schemas where fitting < 2 { if try fits(value, each) { fitting += 1 } }
            let words = fitting == 0 ? "fits none of the \(schemas.count) schemas of" : "fits several schemas of"
            return require(fitting == 1, rule, of: schema, "\(words) 'oneOf'")
        case .not(let forbidden):
            return require(try !fits(value, forbidden), rule, of: schema, "fits the schema of 'not'")
        case .condition(let test, let then, let otherwise):
            guard let branch = try fits(value, test) ? then : otherwise else { return true }
            return try check(value, against: branch)
        }
    }
}
