// Settings: a scorer's configuration as a flat list of typed keys, checked in one place for every kind of scorer.

public import EvalJSON

/// One key of a scorer's configuration.
public struct Setting: Sendable {
    /// The type of a setting's value.
    public enum Kind: Sendable, Equatable {
        case boolean
        case integer
        case number
        case text
        /// One of these words.
        case choice([String])
        /// A list of texts; a lone text is a list of one.
        case texts
        /// Any JSON.
        case json

        /// The type in words, for messages.
        public var description: String {
            switch self {
            case .boolean: "true or false"
            case .integer: "an integer"
            case .number: "a number"
            case .text: "a text"
            case .choice(let words): "one of \(words.joined(separator: ", "))"
            case .texts: "a text or a list of texts"
            case .json: "JSON"
            }
        }
    }

    /// The key.
    public var key: String
    /// The type of its value.
    public var kind: Kind
    /// The value when it is not given; nil for none.
    public var defaultValue: JSON?
    /// Whether it must be given.
    public var isRequired: Bool
    /// The least and the greatest number.
    public var range: ClosedRange<Double>?
    /// One line about it.
    public var help: String

    /// Describes a setting.
    public init(
        _ key: String,
        _ kind: Kind,
        default defaultValue: JSON? = nil,
        required isRequired: Bool = false,
        range: ClosedRange<Double>? = nil,
        help: String
    ) {
        self.key = key
        self.kind = kind
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.range = range
        self.help = help
    }

    /// The value in this setting's type.
    ///
    /// - Throws: What the value should have been.
    func checked(_ value: JSON) throws(Diagnostic) -> JSON {
        let fits: Bool
        var result = value
        switch kind {
        case .boolean: fits = value.kind == .boolean
        case .integer: fits = value.kind == .integer
        case .number: fits = value.number != nil
        case .text: fits = value.kind == .string
        case .choice(let words): fits = value.string.map(words.contains) ?? false
        case .texts:
            if value.kind == .string { result = [value] }
            fits = result.kind == .array && result.elements.allSatisfy { $0.kind == .string }
        case .json: fits = true
        }
        guard fits else {
            var suggestion: String?
            if case .choice(let words) = kind, let word = value.string {
                suggestion = nearestWord(to: word, among: words)
            }
            throw Diagnostic("'\(key)' must be \(kind.description)", didYouMean: suggestion)
        }
        if let range, let number = value.number, !range.contains(number) {
            throw Diagnostic("'\(key)' must be \(rangeWords ?? kind.description)")
        }
        return result
    }
}

extension Setting {
    /// The range in words, `from 0 to 30` or `at least 1`; nil where every number is allowed.
    public var rangeWords: String? {
        guard let range else { return nil }
        let (least, greatest) = (JSON(range.lowerBound), JSON(range.upperBound))
        if !range.upperBound.isFinite { return "at least \(least)" }
        return range.lowerBound.isFinite ? "from \(least) to \(greatest)" : "at most \(greatest)"
    }
}

extension ScorerDescriptor {
    /// A configuration with its values checked and the defaults filled in, keys in the declared order.
    ///
    /// - Parameter given: An object, or null for nothing.
    /// - Returns: The resolved configuration: an object.
    /// - Throws: Which key is unknown, missing or of the wrong type.
    public func resolve(_ given: JSON) throws(Diagnostic) -> JSON {
        guard given.kind == .object || given.isNull else {
            throw Diagnostic("the configuration of '\(name)' must be an object")
        }
        let known = settings.map(\.key)
        for (key, _) in given.members where !known.contains(String(key)) {
            throw Diagnostic(
                "'\(name)' has no setting '\(key)'",
                didYouMean: nearestWord(to: String(key), among: known),
                help: known.isEmpty ? "It has no settings." : "It has: \(known.joined(separator: ", ")).",
                setting: String(key)
            )
        }
        var resolved: [(String, JSON)] = []
        for setting in settings {
            if let value = given[setting.key], !value.isNull {
                do {
                    resolved.append((setting.key, try setting.checked(value)))
                } catch {
                    var copy = error
                    copy.message = "\(error.message) in the configuration of '\(name)'"
                    copy.setting = setting.key
                    throw copy
                }
            } else if setting.isRequired {
                throw Diagnostic(
                    "'\(name)' needs the setting '\(setting.key)' (\(setting.kind.description))",
                    help: "`evalhost scorers show \(name)` lists its settings."
                )
            } else if let value = setting.defaultValue {
                resolved.append((setting.key, value))
            }
        }
        return .object(resolved)
    }

    /// Whether the scorer can be made without any configuration.
    public var hasDefaults: Bool { !settings.contains { $0.isRequired } }
}
