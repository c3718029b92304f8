// `--scorer NAME:key=value,…`: a scorer's entry on the command line, typed by the scorer's own settings.

internal import EvalCore
internal import EvalJSON

/// Reads `--scorer`.
enum ScorerArgument {
    /// The demand that an argument stands for.
    ///
    /// A comma separates only when a key of the scorer and `=` follow it; `NAME:{…}` takes a JSON object.
    /// - Throws: What is wrong with it.
    static func parse(_ argument: String, in directory: ScorerDirectory) throws(Diagnostic) -> ScorerSpec {
        let location = Diagnostic.Location(file: "--scorer \(argument)")
        do throws(Diagnostic) {
            guard let colon = argument.firstIndex(of: ":") else { return try ScorerSpec(argument, at: location) }
            let name = String(argument[..<colon])
            let rest = argument[argument.index(after: colon)...]
            if rest.first == "{" { return try ScorerSpec(name, entry: object(rest), at: location) }
            let descriptor = try directory.find(name)
            return try ScorerSpec(name, entry: entry(rest, of: descriptor), at: location)
        } catch {
            throw error.located(location)
        }
    }

    private static func object(_ text: Substring) throws(Diagnostic) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: text.utf8)
        } catch {
            throw Diagnostic("the configuration is no JSON object: \(error.description)")
        }
    }

    private static func entry(_ text: Substring, of descriptor: ScorerDescriptor) throws(Diagnostic) -> JSON {
        let keys = descriptor.settings.map(\.key) + ScorerSpec.hostKeys
        var pairs: [(key: String, value: String)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if let equals = part.firstIndex(of: "="), keys.contains(String(part[..<equals])) || pairs.isEmpty {
                let key = String(part[..<equals])
                guard keys.contains(key) else {
                    throw Diagnostic(
                        "'\(descriptor.name)' has no setting '\(key)'",
                        didYouMean: nearestWord(to: key, among: keys),
                        help: "It has: \(keys.joined(separator: ", "))."
                    )
                }
                pairs.append((key, String(part[part.index(after: equals)...])))
            } else if pairs.isEmpty {
                throw Diagnostic("after '\(descriptor.name):' comes key=value")
            } else {
                pairs[pairs.count - 1].value += "," + part
            }
        }
        var members: [(String, JSON)] = []
        for (key, value) in pairs {
            let typed = try value.typed(as: descriptor.settings.first { $0.key == key }?.kind ?? hostKind(key), key)
            if let index = members.firstIndex(where: { $0.0 == key }) {
                // A key that is given again makes a list.
                let before = members[index].1
                members[index].1 = .array((before.kind == .array ? Array(before.elements) : [before]) + [typed])
            } else {
                members.append((key, typed))
            }
        }
        return .object(members)
    }

    private static func hostKind(_ key: String) -> Setting.Kind {
        switch key {
        case "timeout": .number
        case "aggregations": .texts
        case "reads": .json
        default: .text
        }
    }
}

extension String {
    /// The text as a value of a setting's type; what doesn't fit stays text, and the setting's check tells.
    fileprivate func typed(as kind: Setting.Kind, _ key: String) throws(Diagnostic) -> JSON {
        switch kind {
        case .boolean: return self == "true" ? true : self == "false" ? false : JSON(self)
        case .integer: return Int64(self).map { JSON($0) } ?? JSON(self)
        case .number:
            if let integer = Int64(self) { return JSON(integer) }
            return Double(self).map { JSON($0) } ?? JSON(self)
        case .text, .choice: return JSON(self)
        case .texts:
            if hasPrefix("["), let list = try? JSON(parsing: self), list.kind == .array { return list }
            return JSON(self)
        case .json:
            do throws(JSONError) {
                return try JSON(parsing: self)
            } catch {
                throw Diagnostic("'\(key)' must be JSON: \(error.description)")
            }
        }
    }
}
