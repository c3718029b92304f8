// Configurations of a scorer: each setting at its edges, and where it has none, at the edges of its type.

internal import EvalCore
internal import EvalJSON

/// A configuration that differs from the plain one in one setting.
struct SettingVariant: Sendable {
    let setting: String
    let configuration: JSON
    /// Whether the description says in so many words that this value is allowed.
    let isDeclared: Bool
}

enum SettingVariants {
    /// The variants of a scorer.
    static func all(_ scorer: ScorerUnderTest) -> [SettingVariant] {
        scorer.descriptor.settings.flatMap { setting -> [SettingVariant] in
            let declared = declared(setting)
            let free = free(setting).filter { !declared.contains($0) }
            return (declared.map { ($0, true) } + free.map { ($0, false) })
                .map { value, isDeclared in
                    SettingVariant(
                        setting: setting.key,
                        configuration: scorer.configuration.replacing([.key(Text(setting.key))], with: value) ?? [:],
                        isDeclared: isDeclared
                    )
                }
        }
    }

    /// The values that a setting's description names.
    private static func declared(_ setting: Setting) -> [JSON] {
        let bounds = [setting.range?.lowerBound, setting.range?.upperBound].compactMap { $0 }.filter(\.isFinite)
        switch setting.kind {
        case .boolean: return [true, false]
        case .integer: return bounds.compactMap { Int64(exactly: $0.rounded(.towardZero)).map { JSON($0) } }
        case .number: return bounds.map { JSON($0) }
        case .choice(let words): return words.map { JSON($0) }
        case .text, .texts, .json: return []
        }
    }

    /// Values of a setting's type that nothing forbids.
    private static func free(_ setting: Setting) -> [JSON] {
        let range = setting.range ?? (-.infinity)...(.infinity)
        switch setting.kind {
        case .boolean, .choice: return []
        case .integer:
            return OddValues.integers.filter { range.contains(Double($0)) }.map { JSON($0) }
        case .number: return OddValues.numbers.filter { range.contains($0) }.map { JSON($0) }
        case .text: return texts.map { JSON($0) }
        case .texts:
            return [
                [], [""], ["\u{0}"], .array(texts.map { JSON($0) }), .array((0..<2_000).map { JSON("text \($0)") }),
            ]
        case .json: return OddValues.json
        }
    }

    private static let texts = [
        "", " ", "\u{0}", "a\u{0}b", "\u{1F600}e\u{0301}", "(", "%s%n", "../../etc", "/", "\"", "\\",
        String(repeating: "x", count: 256 << 10), String(repeating: "a|", count: 2_000),
    ]

    /// Values for settings that have no default, where no case says any.
    static func required(_ descriptor: ScorerDescriptor) -> JSON {
        .object(
            descriptor.settings.filter(\.isRequired)
                .map { setting in
                    let value: JSON =
                        declared(setting).first
                        ?? {
                            switch setting.kind {
                            case .integer, .number: 1
                            case .texts: ["a"]
                            case .json: [:]
                            default: "a"
                            }
                        }()
                    return (setting.key, value)
                }
        )
    }
}
