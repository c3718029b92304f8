// What a body holds: the one description that requests are checked against and the OpenAPI document is made of.

internal import EvalJSON

/// The shape of a value in a request or a reply.
indirect enum Shape: Sendable, Equatable {
    case string
    /// 64 bits; digits in a string count, as protobuf's JSON has them.
    case integer
    /// A number, or `"NaN"`, `"Infinity"` and `"-Infinity"`.
    case number
    case boolean
    /// Any JSON.
    case any
    case choice([String])
    case list(Shape)
    /// An object with keys of the caller's own.
    case map(Shape)
    case object([Field])
    /// An object that the OpenAPI document has once, under a name.
    case named(String, [Field])
}

/// A member of an object, or an argument of a path or query.
struct Field: Sendable, Equatable {
    var name: String
    var shape: Shape
    var isRequired: Bool
    var summary: String

    init(_ name: String, _ shape: Shape = .string, required: Bool = false, _ summary: String = "") {
        self.name = name
        self.shape = shape
        isRequired = required
        self.summary = summary
    }
}

extension Shape {
    /// Checks a value; what nobody described is ignored, and null counts as absent.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - place: Where it is, for the message, such as `tags[0].key`.
    /// - Throws: What is wrong, and where.
    func check(_ value: JSON, at place: String) throws(APIError) {
        switch self {
        case .any: return
        case .string: if value.kind != .string { throw refusal(value, place, "a text") }
        case .boolean: if value.boolean == nil { throw refusal(value, place, "true or false") }
        case .integer:
            if value.integer == nil && value.string.flatMap({ Int64($0) }) == nil
                && value.number.flatMap({ Int64(exactly: $0) }) == nil
            {
                throw refusal(value, place, "a whole number")
            }
        case .number:
            if value.number == nil && value.string.flatMap(Double.init(wire:)) == nil {
                throw refusal(value, place, "a number")
            }
        case .choice(let words):
            guard let word = value.string, words.contains(word) else {
                throw refusal(value, place, "one of \(words.joined(separator: ", "))")
            }
        case .list(let element):
            guard value.kind == .array else { throw refusal(value, place, "a list") }
            var position = 0
            for one in value.elements {
                try element.check(one, at: "\(place)[\(position)]")
                position += 1
            }
        case .map(let element):
            guard value.kind == .object else { throw refusal(value, place, "an object") }
            for (key, one) in value.members { try element.check(one, at: "\(place).\(key)") }
        case .object(let fields), .named(_, let fields):
            guard value.kind == .object else { throw refusal(value, place, "an object") }
            for field in fields { try field.check(value[field.name], at: place) }
        }
    }

    private func refusal(_ value: JSON, _ place: String, _ expected: String) -> APIError {
        var shown = value.serialized
        if shown.count > 60 { shown = shown.prefix(60) + "…" }
        let subject = place.isEmpty ? "The body" : "`\(place)`"
        return .invalid("\(subject) must be \(expected), and is \(shown).")
    }
}

extension Field {
    /// Checks the member of an object.
    func check(_ value: JSON?, at place: String) throws(APIError) {
        let path = place.isEmpty ? name : "\(place).\(name)"
        guard let value, !value.isNull else {
            if isRequired { throw .invalid("Missing value for required parameter '\(path)'.") }
            return
        }
        try shape.check(value, at: path)
    }
}

extension Field {
    /// Checks an argument of a query or path, which is a text whatever it stands for.
    func checkQuery(_ value: JSON?) throws(APIError) {
        guard let text = value?.string else { return try check(value, at: "") }
        switch shape {
        case .boolean:
            guard Bool(text.lowercased()) != nil else {
                throw .invalid("`\(name)` must be true or false, and is \(text).")
            }
        case .list(let element): try element.check(JSON(text), at: name)
        default: try check(value, at: "")
        }
    }
}

extension Double {
    /// Reads a number as protobuf's JSON writes it in a string.
    init?(wire text: String) {
        switch text {
        case "NaN": self = .nan
        case "Infinity": self = .infinity
        case "-Infinity": self = -.infinity
        default: self.init(text)
        }
    }
}
