// Judges in plain language as files: YAML or JSON, one definition or a list of them.

public import EvalCore
public import EvalJSON
internal import Foundation
internal import Yams

/// Reads files of judges' definitions.
public enum JudgeFile {
    /// The judges of a file, with where each stands; `${VAR}` stays as it is in prompts.
    ///
    /// - Parameters:
    ///   - path: The file, YAML or JSON.
    ///   - environment: What `${VAR}` stands for outside of prompts.
    /// - Returns: The definitions in their order.
    /// - Throws: What is wrong, with file, line and column.
    public static func read(
        _ path: String,
        environment: [String: String]
    ) throws(Diagnostic) -> [(definition: JudgeDefinition, location: Diagnostic.Location)] {
        guard let bytes = FileManager.default.contents(atPath: path), let text = String(data: bytes, encoding: .utf8)
        else { throw Diagnostic("the judge's file can't be read as UTF-8", at: .init(file: path)) }
        guard let top = try YAMLValue.parse(text, file: path, environment: environment) else {
            throw Diagnostic("the judge's file is empty", at: .init(file: path))
        }
        var judges: [(JudgeDefinition, Diagnostic.Location)] = []
        for element in top.list { judges.append((try definition(element), element.location)) }
        return judges
    }

    /// A value that is written in YAML on a command line.
    ///
    /// - Throws: What is wrong with it.
    public static func value(_ text: String, of flag: String) throws(Diagnostic) -> JSON {
        try YAMLValue.parse(text, file: flag, environment: [:])?.json(expanding: false) ?? .null
    }

    /// A definition as a file that ``read(_:environment:)`` takes.
    public static func yaml(_ definition: JSON) -> String {
        (try? Yams.serialize(node: node(definition), width: 100, allowUnicode: true)) ?? definition.pretty + "\n"
    }

    private static func node(_ json: JSON) throws -> Node {
        switch json.kind {
        case .object:
            let pairs = try json.members.map { (Node(String($0.key)), try node($0.value)) }
            return .mapping(Node.Mapping(pairs))
        case .array: return .sequence(Node.Sequence(try json.elements.map(node)))
        case .string:
            let text = json.string ?? ""
            return .scalar(Node.Scalar(text, Tag(.str), text.contains("\n") ? .literal : .any))
        default: return try Yams.compose(yaml: json.serialized) ?? Node("")
        }
    }

    /// The definition that a mapping is.
    static func definition(_ value: YAMLValue) throws(Diagnostic) -> JudgeDefinition {
        do throws(Diagnostic) {
            return try JudgeDefinition(try value.json())
        } catch {
            guard let key = error.setting, let entries = try? value.entries(of: "a judge"),
                let place = entries.first(where: { $0.key == key })
            else { throw error.located(value.location) }
            throw error.located(place.at.location)
        }
    }
}

extension Suite {
    /// Adds judges: definitions, or files of them.
    mutating func addJudges(_ value: YAMLValue) throws(Diagnostic) {
        for element in value.list {
            if element.isScalar {
                judges += try JudgeFile.read(try path(element, "'judges'"), environment: element.environment)
            } else {
                judges.append((try JudgeFile.definition(element), element.location))
            }
        }
        for (index, judge) in judges.enumerated()
        where judges[..<index].contains(where: { $0.definition.name == judge.definition.name }) {
            throw Diagnostic("two judges are called '\(judge.definition.name)'", at: judge.location)
        }
    }
}
