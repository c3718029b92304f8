// Reads a schema into nodes. A schema that others refer to is read once, so that recursion is a loop among nodes.

internal import Foundation

/// Reads one schema document.
struct SchemaCompiler {
    private let document: JSON
    private var nodes: [SchemaNode] = []
    /// The nodes by the JSON Pointers of their schemas.
    private var places: [String: Int] = [:]
    private var anchors: [String: Int] = [:]
    /// `$ref` keywords whose schemas may not have been read yet: the node, the place of the rule and the target.
    private var references: [(node: Int, rule: Int, target: String)] = []

    typealias Patterns = (String) throws(JSONSchemaError) -> JSONSchema.PatternMatcher

    init(_ document: JSON) { self.document = document }

    /// The nodes, the whole schema first.
    mutating func compile(_ patterns: Patterns) throws(JSONSchemaError) -> [SchemaNode] {
        _ = try node(document, "", patterns)
        var next = 0
        while next < references.count {
            let (node, rule, target) = references[next]
            let found = try resolve(target, from: nodes[node].pointer, patterns)
            nodes[node].rules[rule] = SchemaRule(keyword: "$ref", demand: .reference(found))
            next += 1
        }
        try refuseLoops()
        return nodes
    }

    /// The node of a schema at a place.
    private mutating func node(
        _ schema: JSON,
        _ pointer: String,
        _ patterns: Patterns
    ) throws(JSONSchemaError) -> Int {
        if let known = places[pointer] { return known }
        let place = nodes.count
        nodes.append(SchemaNode(pointer: pointer))
        places[pointer] = place
        switch schema.kind {
        case .boolean:
            if schema.boolean == false {
                nodes[place].rules = [SchemaRule(keyword: "false", demand: .nothingFits)]
            }
        case .object:
            // Of a key written twice the last counts.
            for (key, value) in schema.lastMembers {
                try read(String(key), value, of: schema, at: place, patterns)
            }
        default:
            throw JSONSchemaError("a schema is an object, true or false", at: pointer)
        }
        return place
    }

    private mutating func read(
        _ keyword: String,
        _ value: JSON,
        of schema: JSON,
        at place: Int,
        _ patterns: Patterns
    ) throws(JSONSchemaError) {
        let pointer = nodes[place].pointer
        if SchemaKeyword.annotations.contains(keyword) || keyword.hasPrefix("x-") { return }
        guard let known = SchemaKeyword.all[keyword] else {
            if let instead = SchemaKeyword.unsupported[keyword] {
                throw JSONSchemaError("'\(keyword)' isn't supported; \(instead)", at: pointer)
            }
            throw JSONSchemaError("there is no keyword '\(keyword)'", at: pointer, unknownKeyword: keyword)
        }
        let reader = KeywordReader(keyword: keyword, value: value, pointer: pointer)
        let demand: SchemaDemand?
        switch known {
        case .prefix, .elements, .contains, .members, .membersMatching, .otherMembers, .names, .schemaWith, .reference,
            .every, .any, .one, .not, .condition, .definitions, .anchor, .id, .dialect:
            demand = try applicator(known, reader, schema, place, patterns)
        default:
            demand = try reader.assertion(known, patterns)
        }
        if let demand { nodes[place].rules.append(SchemaRule(keyword: keyword, demand: demand)) }
    }

    /// The demand of a keyword that has schemas in it.
    private mutating func applicator(
        _ known: SchemaKeyword,
        _ reader: KeywordReader,
        _ schema: JSON,
        _ place: Int,
        _ patterns: Patterns
    ) throws(JSONSchemaError) -> SchemaDemand? {
        let own = reader.place
        switch known {
        case .prefix: return .elements(of: try list(reader, patterns))
        case .elements:
            if reader.value.kind == .array {
                throw JSONSchemaError("'items' is one schema; use 'prefixItems' for a list of them", at: reader.pointer)
            }
            return .otherElements(try node(reader.value, own, patterns), after: schema[key: "prefixItems"]?.count ?? 0)
        case .contains:
            let least = try schema[key: "minContains"]
                .map { json throws(JSONSchemaError) in
                    try KeywordReader(keyword: "minContains", value: json, pointer: reader.pointer).count()
                }
            let greatest = try schema[key: "maxContains"]
                .map { json throws(JSONSchemaError) in
                    try KeywordReader(keyword: "maxContains", value: json, pointer: reader.pointer).count()
                }
            let contained = try node(reader.value, own, patterns)
            // A least count above the greatest one is satisfied by no array.
            let range = (least ?? 1)...max(least ?? 1, greatest ?? .max)
            if let greatest, greatest < range.lowerBound { return .nothingFits }
            return .containing(contained, range)
        case .members: return .members(try named(reader, patterns))
        case .schemaWith: return .schemaWith(try named(reader, patterns))
        case .definitions:
            _ = try named(reader, patterns)
            return nil
        case .membersMatching:
            var members: [(pattern: JSONSchema.PatternMatcher, schema: Int)] = []
            for (key, schema) in try named(reader, patterns) {
                members.append((try reader.matcher(String(key), patterns), schema))
            }
            return .membersMatching(members)
        case .otherMembers:
            var others: [JSONSchema.PatternMatcher] = []
            for (key, _) in schema[key: "patternProperties"]?.lastMembers ?? [] {
                others.append(try reader.matcher(String(key), patterns))
            }
            let names = Set((schema[key: "properties"]?.lastMembers ?? []).map(\.key))
            let isForbidden = reader.value.boolean == false
            return .otherMembers(
                try node(reader.value, own, patterns),
                forbidden: isForbidden,
                known: names,
                patterns: others
            )
        case .names: return .names(try node(reader.value, own, patterns))
        case .every: return .every(try list(reader, patterns))
        case .any: return .any(try list(reader, patterns))
        case .one: return .one(try list(reader, patterns))
        case .not: return .not(try node(reader.value, own, patterns))
        case .condition:
            let test = try node(reader.value, own, patterns)
            var branches: [Int?] = []
            for word in ["then", "else"] {
                let branch = try schema[word]
                    .map { json throws(JSONSchemaError) in
                        try node(json, "\(reader.pointer)/\(word)", patterns)
                    }
                branches.append(branch)
            }
            return .condition(test, then: branches[0], otherwise: branches[1])
        case .reference:
            references.append((place, nodes[place].rules.count, try reader.text()))
            return .reference(place)
        case .anchor:
            anchors[try reader.text()] = place
            return nil
        case .id:
            guard place == 0 else {
                throw JSONSchemaError("'$id' is supported at the top only", at: reader.pointer)
            }
            return nil
        default:
            try reader.checkDialect()
            return nil
        }
    }

    private mutating func list(_ reader: KeywordReader, _ patterns: Patterns) throws(JSONSchemaError) -> [Int] {
        guard reader.value.kind == .array, reader.value.count > 0 else { throw reader.error("a list of schemas") }
        var schemas: [Int] = []
        for schema in reader.value.elements {
            schemas.append(try node(schema, "\(reader.place)/\(schemas.count)", patterns))
        }
        return schemas
    }

    private mutating func named(
        _ reader: KeywordReader,
        _ patterns: Patterns
    ) throws(JSONSchemaError) -> [(key: Text, schema: Int)] {
        guard reader.value.kind == .object else { throw reader.error("an object of schemas") }
        var schemas: [(key: Text, schema: Int)] = []
        for (key, schema) in reader.value.lastMembers {
            schemas.append((key, try node(schema, "\(reader.place)/\(JSON.pointerStep(String(key)))", patterns)))
        }
        return schemas
    }

    private mutating func resolve(
        _ target: String,
        from pointer: String,
        _ patterns: Patterns
    ) throws(JSONSchemaError) -> Int {
        var fragment = target[...]
        if let id = document[key: "$id"]?.string, target.hasPrefix(id) { fragment = fragment.dropFirst(id.count) }
        guard fragment.isEmpty || fragment.first == "#" else {
            throw JSONSchemaError("'$ref' to '\(target)' leads out of the schema, which isn't supported", at: pointer)
        }
        let place = fragment.dropFirst().removingPercentEncoding ?? String(fragment.dropFirst())
        if let known = places[place] ?? anchors[place] { return known }
        guard let schema = document.value(at: place) else {
            throw JSONSchemaError("'$ref' to '\(target)' leads nowhere", at: pointer)
        }
        return try node(schema, place, patterns)
    }

    /// A schema that refers to itself without going into a part of the value would never end.
    private func refuseLoops() throws(JSONSchemaError) {
        enum Mark { case new, open, done }
        var marks = [Mark](repeating: .new, count: nodes.count)
        for start in nodes.indices where marks[start] == .new {
            var path = [(node: start, rest: nodes[start].inPlace)]
            marks[start] = .open
            while let (node, rest) = path.last {
                guard let next = rest.last else {
                    marks[node] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].rest.removeLast()
                if marks[next] == .open {
                    throw JSONSchemaError("the schema refers to itself without an end", at: nodes[next].pointer)
                }
                if marks[next] == .new {
                    marks[next] = .open
                    path.append((next, nodes[next].inPlace))
                }
            }
        }
    }
}

extension SchemaNode {
    fileprivate var inPlace: [Int] { rules.flatMap(\.demand.inPlace) }
}
