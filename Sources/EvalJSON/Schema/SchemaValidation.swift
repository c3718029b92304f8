// Holds a value against the nodes of a schema. Depth and work are bounded, whatever the schema and the value are.

/// One validation.
struct SchemaValidation {
    /// Values nested as deeply as this many schemas are judged.
    static let depthLimit = 400
    /// Schemas held against values, at most: some seconds.
    static let stepLimit = 10_000_000

    let nodes: [SchemaNode]
    private var depth = 0
    private var steps = 0

    init(nodes: [SchemaNode]) { self.nodes = nodes }

    /// What is wrong, up to `limit` violations.
    mutating func violations(
        of schema: Int,
        in value: JSON,
        at place: JSONPlace,
        limit: Int
    ) throws(JSONSchemaError) -> [JSONSchemaViolation] {
        depth += 1
        steps += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit {
            throw JSONSchemaError("the value is nested too deeply for the schema")
        }
        if steps > Self.stepLimit { throw JSONSchemaError("the value takes too much work for the schema") }
        var found: [JSONSchemaViolation] = []
        for rule in nodes[schema].rules {
            if found.count >= limit { break }
            let judge = RuleJudgement(
                rule: rule, node: nodes[schema], value: value, place: place, limit: limit - found.count)
            found += try judge.violations(&self)
        }
        return found
    }

    /// Whether a value is valid.
    mutating func isValid(_ value: JSON, _ schema: Int) throws(JSONSchemaError) -> Bool {
        try violations(of: schema, in: value, at: JSONPlace(), limit: 1).isEmpty
    }
}

/// One keyword held against one value.
private struct RuleJudgement {
    let rule: SchemaRule
    let node: SchemaNode
    let value: JSON
    let place: JSONPlace
    let limit: Int

    func violations(_ all: inout SchemaValidation) throws(JSONSchemaError) -> [JSONSchemaViolation] {
        switch rule.demand {
        case .nothingFits, .type, .oneOf, .bound, .multiple, .length, .pattern:
            return try wrong(messageOfScalar())
        case .elementCount, .unique, .elements, .otherElements, .containing:
            return value.kind == .array ? try ofArray(&all) : []
        case .memberCount, .required, .requiredWith, .schemaWith, .members, .membersMatching, .otherMembers, .names:
            return value.kind == .object ? try ofObject(&all) : []
        case .reference, .every, .any, .one, .not, .condition:
            return try ofCombination(&all)
        }
    }

    private func wrong(_ message: String?, keyword: String? = nil) -> [JSONSchemaViolation] {
        guard let message else { return [] }
        let keyword = keyword ?? rule.keyword
        return [
            JSONSchemaViolation(
                pointer: place.pointer, keyword: keyword, schemaPointer: "\(node.pointer)/\(keyword)", message: message)
        ]
    }

    /// What is wrong with a value as a whole; nil for nothing.
    private func messageOfScalar() throws(JSONSchemaError) -> String? {
        switch rule.demand {
        case .type(let types):
            if types.contains(where: { $0.contains(value) }) { return nil }
            return "must be \(types.map(\.words).joined(separator: " or ")), this is \(value.kind.words)"
        case .oneOf(let options):
            if options.contains(value) { return nil }
            return options.count == 1 ? "isn't the one value that is allowed" : "is none of the \(options.count) values that are allowed"
        case .bound(let bound, let kind):
            return kind.holds(value, bound) ? nil : "must be \(kind.rawValue) \(bound)"
        case .multiple(let divisor):
            guard let a = value.number, let b = divisor.number, !isMultiple(a, of: b) else { return nil }
            return "must be a multiple of \(divisor)"
        case .length(let bound):
            guard let text = value.text else { return nil }
            let count = text.scalarCount
            return bound.holds(count) ? nil : "must have \(bound.words) characters, it has \(count)"
        case .pattern(let source, let matches):
            guard let text = value.text, try !matches(text) else { return nil }
            return "doesn't match the pattern \(source)"
        default:
            return "nothing is allowed here"
        }
    }

    private func ofArray(_ all: inout SchemaValidation) throws(JSONSchemaError) -> [JSONSchemaViolation] {
        switch rule.demand {
        case .elementCount(let bound):
            let count = value.count
            return wrong(bound.holds(count) ? nil : "must have \(bound.words) elements, it has \(count)")
        case .unique:
            // In canonical form 1 and 1.0 are one, and so are objects whose keys stand in another order.
            var seen: Set<String> = []
            let isUnique = value.elements.allSatisfy { seen.insert($0.canonical).inserted }
            return wrong(isUnique ? nil : "must not have the same element twice")
        case .elements(let schemas):
            return try parts(zip(schemas, value.elements).enumerated().map { ($1.0, $1.1, place.element($0)) }, &all)
        case .otherElements(let schema, let start):
            if start > 0, all.nodes[schema].isFalse {
                let count = value.count
                return wrong(count <= start ? nil : "must have at most \(start) elements, it has \(count)")
            }
            let others = value.elements.enumerated().dropFirst(start)
            return try parts(others.map { (schema, $0.element, place.element($0.offset)) }, &all)
        case .containing(let schema, let range):
            var count = 0
            for element in value.elements where count <= range.upperBound {
                if try all.isValid(element, schema) { count += 1 }
            }
            if range.contains(count) { return [] }
            if count == 0 { return wrong("has no element that 'contains' asks for") }
            return count < range.lowerBound
                ? wrong("has \(count) of at least \(range.lowerBound) elements that 'contains' asks for", keyword: "minContains")
                : wrong("has more than \(range.upperBound) elements that 'contains' asks for", keyword: "maxContains")
        default:
            return []
        }
    }

    private func ofObject(_ all: inout SchemaValidation) throws(JSONSchemaError) -> [JSONSchemaViolation] {
        switch rule.demand {
        case .memberCount(let bound):
            let count = value.lastMembers.count
            return wrong(bound.holds(count) ? nil : "must have \(bound.words) properties, it has \(count)")
        case .required(let keys):
            return keys.filter { value[$0] == nil }.prefix(limit).flatMap { wrong("'\($0)' is missing") }
        case .requiredWith(let lists):
            let missing = lists.lazy.filter { value[$0.key] != nil }
                .flatMap { list in list.keys.map { (list.key, $0) } }
                .filter { value[$0.1] == nil }
            return missing.prefix(limit).flatMap { wrong("with '\($0.0)', '\($0.1)' is missing") }
        case .schemaWith(let schemas):
            return try parts(schemas.filter { value[$0.key] != nil }.map { ($0.schema, value, place) }, &all)
        case .members(let schemas):
            let members = schemas.lazy.compactMap { key, schema in value[key].map { (schema, $0, place.key(key)) } }
            return try parts(members, &all)
        case .membersMatching(let schemas):
            var members: [(Int, JSON, JSONPlace)] = []
            for (key, member) in value.lastMembers {
                for (matches, schema) in schemas where try matches(key) { members.append((schema, member, place.key(key))) }
            }
            return try parts(members, &all)
        case .otherMembers(let schema, let isForbidden, let known, let patterns):
            let others = try otherMembers(known, patterns)
            guard isForbidden else { return try parts(others.map { (schema, $0.value, place.key($0.key)) }, &all) }
            let names = others.prefix(5).map { "'\($0.key)'" }.joined(separator: ", ")
            return wrong(others.isEmpty ? nil : "has properties that aren't allowed: \(names)")
        case .names(let schema):
            return try parts(value.lastMembers.map { (schema, JSON(String($0.key)), place) }, &all)
        default:
            return []
        }
    }

    private func otherMembers(
        _ known: Set<Text>,
        _ patterns: [JSONSchema.PatternMatcher]
    ) throws(JSONSchemaError) -> [(key: Text, value: JSON)] {
        var others: [(key: Text, value: JSON)] = []
        for member in value.lastMembers where !known.contains(member.key) {
            var isOther = true
            for matches in patterns where isOther { isOther = try !matches(member.key) }
            if isOther { others.append(member) }
        }
        return others
    }

    private func ofCombination(_ all: inout SchemaValidation) throws(JSONSchemaError) -> [JSONSchemaViolation] {
        switch rule.demand {
        case .reference(let schema):
            return try all.violations(of: schema, in: value, at: place, limit: limit)
        case .every(let schemas):
            return try parts(schemas.map { ($0, value, place) }, &all)
        case .any(let schemas):
            for schema in schemas { if try all.isValid(value, schema) { return [] } }
            return wrong("fits none of the \(schemas.count) schemas of 'anyOf'")
        case .one(let schemas):
            var fits = 0
            for schema in schemas where fits < 2 { if try all.isValid(value, schema) { fits += 1 } }
            if fits == 1 { return [] }
            return wrong(fits == 0 ? "fits none of the \(schemas.count) schemas of 'oneOf'" : "fits several schemas of 'oneOf'")
        case .not(let schema):
            return wrong(try all.isValid(value, schema) ? "fits the schema of 'not'" : nil)
        case .condition(let test, let then, let otherwise):
            guard let schema = try all.isValid(value, test) ? then : otherwise else { return [] }
            return try all.violations(of: schema, in: value, at: place, limit: limit)
        default:
            return []
        }
    }

    /// What is wrong with values, each held against a schema.
    private func parts(
        _ parts: some Sequence<(Int, JSON, JSONPlace)>,
        _ all: inout SchemaValidation
    ) throws(JSONSchemaError) -> [JSONSchemaViolation] {
        var found: [JSONSchemaViolation] = []
        for (schema, part, place) in parts where found.count < limit {
            found += try all.violations(of: schema, in: part, at: place, limit: limit - found.count)
        }
        return found
    }
}

extension SchemaNode {
    /// Whether nothing is valid.
    fileprivate var isFalse: Bool {
        if case .nothingFits = rules.first?.demand { return true }
        return false
    }
}

extension JSON.Kind {
    /// The kind with its article.
    fileprivate var words: String { SchemaType(rawValue: rawValue)?.words ?? rawValue }
}
