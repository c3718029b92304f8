// The prompt of a model that is the application, as a file: text, or YAML messages.

public import EvalCore
internal import Foundation

/// Reads a prompt.
public enum PromptFile {
    /// The messages of a file; `${VAR}` means nothing in it.
    ///
    /// A `.yaml`, `.yml` or `.json` file is a list of messages with `role` and `content`; any other file is what the user
    /// says.
    ///
    /// - Throws: What is wrong, with file, line and column.
    public static func read(_ path: String) throws(Diagnostic) -> [(role: String, text: String)] {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw Diagnostic("the prompt can't be read", at: .init(file: path))
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw Diagnostic("the prompt is not valid UTF-8", at: .init(file: path))
        }
        guard !text.allSatisfy(\.isWhitespace) else { throw Diagnostic("the prompt is empty", at: .init(file: path)) }
        let kind = (path as NSString).pathExtension.lowercased()
        guard ["yaml", "yml", "json"].contains(kind) else {
            // The line's end is the file's, not the prompt's.
            return [("user", text.hasSuffix("\n") ? String(text.dropLast()) : text)]
        }
        guard let top = try YAMLValue.parse(text, file: path, environment: [:]) else {
            throw Diagnostic("the prompt is empty", at: .init(file: path))
        }
        var messages: [(role: String, text: String)] = []
        for element in top.list {
            var (role, content): (String?, String?) = (nil, nil)
            for (key, at, value) in try element.entries(of: "a message") {
                switch key {
                case "role": role = try value.writtenText("'role'")
                case "content": content = try value.writtenText("'content'")
                default:
                    throw at.error(
                        "unknown key '\(key)' of a message",
                        didYouMean: nearestWord(to: key, among: ["role", "content"])
                    )
                }
            }
            guard let role, let content else { throw element.error("a message has a 'role' and a 'content'") }
            messages.append((role, content))
        }
        return messages
    }
}
