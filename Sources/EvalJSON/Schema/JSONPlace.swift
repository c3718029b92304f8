// Where in a document a value is, as a chain of steps that costs nothing until it is written.

internal import Foundation

/// A place in a JSON value, and its JSON Pointer (RFC 6901).
package struct JSONPlace {
    private indirect enum Path {
        case top
        case key(Path, Text)
        case element(Path, Int)
    }

    private let path: Path

    /// The top.
    package init() { path = .top }

    private init(_ path: Path) { self.path = path }

    /// The place of a member.
    package func key(_ key: Text) -> JSONPlace { JSONPlace(.key(path, key)) }

    /// The place of an element.
    package func element(_ index: Int) -> JSONPlace { JSONPlace(.element(path, index)) }

    /// The JSON Pointer: empty for the top, else `/` before each step.
    package var pointer: String {
        var steps: [String] = []
        var rest = path
        while true {
            switch rest {
            case .top: return steps.reversed().map { "/" + $0 }.joined()
            case .key(let above, let key):
                steps.append(Self.escaped(String(key)))
                rest = above
            case .element(let above, let index):
                steps.append(String(index))
                rest = above
            }
        }
    }

    /// A key as a step of a JSON Pointer.
    static func escaped(_ key: String) -> String {
        key.unicodeScalars.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }
}

extension JSON {
    /// The value at a JSON Pointer, if there is one.
    func value(at pointer: some StringProtocol) -> JSON? {
        if pointer.isEmpty { return self }
        guard pointer.first == "/" else { return nil }
        var value = self
        for step in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let key = step.replacingOccurrences(of: "~1", with: "/").replacingOccurrences(of: "~0", with: "~")
            let next = value.kind == .array ? Int(key).flatMap { value[$0] } : value[key]
            guard let next else { return nil }
            value = next
        }
        return value
    }
}
