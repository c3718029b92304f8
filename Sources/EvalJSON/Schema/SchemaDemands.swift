// What the keywords ask of values of one type: numbers and texts, arrays, objects.

extension SchemaValidation {
    /// A demand on a value as a whole.
    mutating func holdsForAny(_ rule: SchemaRule, of schema: Int, _ value: JSON) throws(JSONSchemaError) -> Bool {
        switch rule.demand {
        case .type(let types):
            return require(
                types.contains { $0.contains(value) },
                rule,
                of: schema,
                "must be \(types.map(\.words).joined(separator: " or ")), this is \(value.kind.words)"
            )
        case .oneOf(let options):
            return require(
                options.contains(value),
                rule,
                of: schema,
                options.count == 1
                    ? "isn't the one value that is allowed" : "is none of the \(options.count) values that are allowed"
            )
        case .bound(let bound, let kind):
            return require(kind.holds(value, bound), rule, of: schema, "must be \(kind.rawValue) \(bound)")
        case .multiple(let divisor, let digits):
            return require(value.isMultiple(of: divisor, digits), rule, of: schema, "must be a multiple of \(divisor)")
        case .length(let bound):
            guard let count = value.text?.scalarCount else { return true }
            return require(bound.holds(count), rule, of: schema, "must have \(bound.words) characters, it has \(count)")
        case .pattern(let source, let matches):
            guard let text = value.text else { return true }
            return require(try matches(text), rule, of: schema, "doesn't match the pattern \(source)")
        default:
            return require(false, rule, of: schema, "nothing is allowed here")
        }
    }

    /// A demand on an array.
    mutating func holdsForArray(_ rule: SchemaRule, of schema: Int, _ value: JSON) throws(JSONSchemaError) -> Bool {
        switch rule.demand {
        case .elementCount(let bound):
            let count = value.count
            return require(bound.holds(count), rule, of: schema, "must have \(bound.words) elements, it has \(count)")
        case .unique:
            // In canonical form 1 and 1.0 are one, and so are objects whose keys stand in another order.
            var seen: Set<String> = []
            let isUnique = value.elements.allSatisfy { seen.insert($0.canonical).inserted }
            return require(isUnique, rule, of: schema, "must not have the same element twice")
        case .elements(let schemas):
            return try all(zip(schemas, value.elements).enumerated()) { it, part throws(JSONSchemaError) in
                try it.check(part.element.1, at: .element(part.offset), against: part.element.0)
            }
        case .otherElements(let others, let start):
            if nodes[others].isFalse {
                let count = value.count
                return require(count <= start, rule, of: schema, "must have at most \(start) elements, it has \(count)")
            }
            return try all(value.elements.enumerated().dropFirst(start)) { it, part throws(JSONSchemaError) in
                try it.check(part.element, at: .element(part.offset), against: others)
            }
        case .containing(let contained, let range):
            var count = 0
            for element in value.elements where count <= range.upperBound {
                if try fits(element, contained) { count += 1 }
            }
            if range.contains(count) { return true }
            let words = "elements that 'contains' asks for"
            if count == 0 { return require(false, rule, of: schema, "has no \(words)") }
            return count < range.lowerBound
                ? require(
                    false,
                    rule,
                    of: schema,
                    keyword: "minContains",
                    "has \(count) of \(range.lowerBound) \(words)"
                )
                : require(
                    false,
                    rule,
                    of: schema,
                    keyword: "maxContains",
                    "has more than \(range.upperBound) \(words)"
                )
        default:
            return true
        }
    }

    /// A demand on an object.
    mutating func holdsForObject(_ rule: SchemaRule, of schema: Int, _ value: JSON) throws(JSONSchemaError) -> Bool {
        switch rule.demand {
        case .memberCount(let bound):
            let count = value.lastMembers.count
            return require(bound.holds(count), rule, of: schema, "must have \(bound.words) properties, it has \(count)")
        case .required(let keys):
            return try all(keys) { it, key throws(JSONSchemaError) in
                it.require(value[key] != nil, rule, of: schema, "'\(key)' is missing")
            }
        case .requiredWith(let lists):
            return try all(lists) { it, list throws(JSONSchemaError) in
                if value[list.key] == nil { return true }
                return try it.all(list.keys) { it, key throws(JSONSchemaError) in
                    it.require(value[key] != nil, rule, of: schema, "with '\(list.key)', '\(key)' is missing")
                }
            }
        case .schemaWith(let schemas):
            return try all(schemas) { it, each throws(JSONSchemaError) in
                value[each.key] == nil ? true : try it.check(value, against: each.schema)
            }
        case .members(let schemas):
            return try all(schemas) { it, each throws(JSONSchemaError) in
                guard let member = value[each.key] else { return true }
                return try it.check(member, at: .key(each.key), against: each.schema)
            }
        case .membersMatching(let schemas):
            return try all(value.lastMembers) { it, member throws(JSONSchemaError) in
                try it.all(schemas) { it, each throws(JSONSchemaError) in
                    guard try each.pattern(member.key) else { return true }
                    return try it.check(member.value, at: .key(member.key), against: each.schema)
                }
            }
        case .otherMembers(let others, let isForbidden, let known, let patterns):
            let members = try value.members(notIn: known, patterns)
            if isForbidden {
                let names = members.prefix(5).map { "'\($0.key)'" }.joined(separator: ", ")
                return require(members.isEmpty, rule, of: schema, "has properties that aren't allowed: \(names)")
            }
            return try all(members) { it, member throws(JSONSchemaError) in
                try it.check(member.value, at: .key(member.key), against: others)
            }
        case .names(let names):
            return try all(value.lastMembers) { it, member throws(JSONSchemaError) in
                try it.check(JSON(String(member.key)), against: names)
            }
        default:
            return true
        }
    }
}

extension SchemaNode {
    /// Whether nothing is valid.
    fileprivate var isFalse: Bool {
        if case .nothingFits = rules.first?.demand { return true }
        return false
    }
}

extension JSON {
    /// The members that have none of the names, and match none of the patterns.
    fileprivate func members(
        notIn known: Set<Text>,
        _ patterns: [JSONSchema.PatternMatcher]
    ) throws(JSONSchemaError) -> [(key: Text, value: JSON)] {
        var others: [(key: Text, value: JSON)] = []
        for member in lastMembers where !known.contains(member.key) {
            var isOther = true
            for matches in patterns where isOther { isOther = try !matches(member.key) }
            if isOther { others.append(member) }
        }
        return others
    }

    /// Whether this is no number, or a multiple of another one, exactly as the two are written.
    fileprivate func isMultiple(of divisor: JSON, _ digits: DecimalDigits) -> Bool {
        if let a = integer, let b = divisor.integer { return a % b == 0 }
        guard let number else { return true }
        return DecimalDigits(number)?.isMultiple(of: digits) ?? false
    }
}

extension JSON.Kind {
    /// The kind with its article.
    fileprivate var words: String { SchemaType(rawValue: rawValue)?.words ?? rawValue }
}
