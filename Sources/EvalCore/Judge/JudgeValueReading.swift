// Values of judges as people write them: `yes_no`, `{type: number, min: 1, max: 5}`, `[good, bad]`, `{fields: …}`.

public import EvalJSON

extension JudgeValue {
    private static let types = ["boolean", "yes_no", "number", "integer", "category"]

    /// Reads a value: the name of a type, an object with `type`, or a list of labels.
    ///
    /// - Parameters:
    ///   - json: What was written.
    ///   - further: Keys of the object that belong to somebody else.
    /// - Throws: What is wrong with it.
    init(_ json: JSON, allowing further: [String] = []) throws(Diagnostic) {
        if json.kind == .array { self = .category(try Self.labels(json)) } else { try self.init(typed: json, further) }
    }

    private init(typed json: JSON, _ further: [String]) throws(Diagnostic) {
        guard let word = json.string ?? json["type"]?.string else {
            throw Diagnostic(
                "'value' must be a type, an object with a 'type', or a list of labels",
                help: "The types are: \(Self.types.joined(separator: ", "))."
            )
        }
        let keys: [String]
        switch word {
        case "boolean": (self, keys) = (.boolean, [])
        case "yes_no": (self, keys) = (.yesNo, [])
        case "number": (self, keys) = (.number(try Self.numbers(json)), ["min", "max"])
        case "integer": (self, keys) = (.integer(try Self.integers(json)), ["min", "max"])
        case "category": (self, keys) = (.category(try Self.labels(json["labels"] ?? .null)), ["labels"])
        default:
            throw Diagnostic(
                "unknown type '\(word)' of 'value'",
                didYouMean: nearestWord(to: word, among: Self.types),
                help: "The types are: \(Self.types.joined(separator: ", "))."
            )
        }
        try json.allow(keys: ["type"] + keys + further, in: "a value of the type \(word)")
    }

    private static func numbers(_ json: JSON) throws(Diagnostic) -> ClosedRange<Double> {
        guard let least = json["min"]?.number, let most = json["max"]?.number else {
            throw Diagnostic("a number needs 'min' and 'max', so that the model knows the scale")
        }
        guard least < most else { throw Diagnostic("'min' must be below 'max', these are \(least) and \(most)") }
        return least...most
    }

    private static func integers(_ json: JSON) throws(Diagnostic) -> ClosedRange<Int64> {
        guard let least = json["min"]?.integer, let most = json["max"]?.integer else {
            throw Diagnostic("an integer needs whole numbers 'min' and 'max', so that the model knows the scale")
        }
        guard least < most else { throw Diagnostic("'min' must be below 'max', these are \(least) and \(most)") }
        return least...most
    }

    private static func labels(_ json: JSON) throws(Diagnostic) -> [JudgeLabel] {
        var labels: [JudgeLabel] = []
        for (name, meaning) in json.members { labels.append(try label(String(name), meaning)) }
        for element in json.elements {
            if element.kind == .object { try element.allow(keys: ["label", "meaning"], in: "a label") }
            guard let name = element.string ?? element["label"]?.string else {
                throw Diagnostic("a label must be a text, or an object with 'label' and 'meaning'")
            }
            labels.append(try label(name, element["meaning"] ?? .null))
        }
        guard labels.count >= 2 else { throw Diagnostic("'labels' must have two labels at least") }
        for (place, label) in labels.enumerated()
        where labels[..<place].contains(where: { $0.name.lowercased() == label.name.lowercased() }) {
            throw Diagnostic("the label '\(label.name)' is there twice")
        }
        return labels
    }

    private static func label(_ name: String, _ meaning: JSON) throws(Diagnostic) -> JudgeLabel {
        let isPlain = name.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "|" }
        guard !name.isEmpty, name.utf8.count <= 128, isPlain else {
            throw Diagnostic("a label must have 1 to 128 bytes, without | and control characters")
        }
        guard meaning.isNull || meaning.kind == .string else {
            throw Diagnostic("the meaning of the label '\(name)' must be a text")
        }
        return JudgeLabel(name, meaning: meaning.string)
    }

    /// The value as it is written in the least words.
    var json: JSON {
        switch self {
        case .boolean: "boolean"
        case .yesNo: "yes_no"
        default: .object(members)
        }
    }

    /// The keys of the value as an object.
    fileprivate var members: [(String, JSON)] {
        switch self {
        case .boolean: [("type", "boolean")]
        case .yesNo: [("type", "yes_no")]
        case .number(let range):
            [("type", "number"), ("min", JSON(range.lowerBound)), ("max", JSON(range.upperBound))]
        case .integer(let range):
            [("type", "integer"), ("min", JSON(range.lowerBound)), ("max", JSON(range.upperBound))]
        case .category(let labels): [("type", "category"), ("labels", .array(labels.map(\.json)))]
        }
    }
}

extension JudgeLabel {
    fileprivate var json: JSON {
        guard let meaning else { return JSON(name) }
        return ["label": JSON(name), "meaning": JSON(meaning)]
    }
}

extension JudgeResult {
    /// Reads what a judge answers: a value, or an object with `fields`.
    ///
    /// - Throws: What is wrong with it.
    init(_ json: JSON) throws(Diagnostic) {
        guard let fields = json["fields"] else {
            self = .value(try JudgeValue(json))
            return
        }
        try json.allow(keys: ["fields"], in: "'value'")
        var list: [JudgeField] = []
        for (name, value) in fields.members { list.append(try JudgeField(String(name), value)) }
        for element in fields.elements {
            guard let name = element["name"]?.string else { throw Diagnostic("a field of 'value' needs a 'name'") }
            list.append(try JudgeField(name, element))
        }
        self = .fields(list)
    }

    /// The result as it is written; fields are a list, since their order counts.
    var json: JSON {
        switch self {
        case .value(let value): value.json
        case .fields(let fields): ["fields": .array(fields.map(\.json))]
        }
    }

    /// Checks the fields' names.
    ///
    /// - Throws: Which name can't be used.
    func check() throws(Diagnostic) {
        guard case .fields(let fields) = self else { return }
        guard (1...32).contains(fields.count) else { throw Diagnostic("'fields' must have 1 to 32 fields") }
        for (place, field) in fields.enumerated() {
            guard JudgeDefinition.isName(field.name) else {
                throw Diagnostic("the field's name '\(field.name.prefix(64))' must be [a-z][a-z0-9_]{0,62}")
            }
            guard !fields[..<place].contains(where: { $0.name == field.name }) else {
                throw Diagnostic("the field '\(field.name)' is there twice")
            }
        }
    }
}

extension JudgeField {
    fileprivate init(_ name: String, _ json: JSON) throws(Diagnostic) {
        let help = json["help"] ?? .null
        guard help.isNull || help.kind == .string else {
            throw Diagnostic("'help' of the field '\(name)' must be a text")
        }
        self.init(name, try JudgeValue(json, allowing: ["name", "help"]), help: help.string)
    }

    fileprivate var json: JSON {
        var members = [("name", JSON(name))] + value.members
        if let help { members.append(("help", JSON(help))) }
        return .object(members)
    }
}

extension JSON {
    /// Refuses keys that nobody knows.
    ///
    /// - Throws: Which key it is, with the nearest word.
    func allow(keys: [String], in what: String) throws(Diagnostic) {
        for (key, _) in members where !keys.contains(String(key)) {
            let word = String(key)
            throw Diagnostic(
                "unknown key '\(word.prefix(64))' in \(what)",
                didYouMean: nearestWord(to: word, among: keys),
                help: "There are: \(keys.joined(separator: ", "))."
            )
        }
    }
}
