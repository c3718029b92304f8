// JSON Pointers (RFC 6901): where in a document a value is.

internal import Foundation

extension [JSONPath.Step] {
    /// The steps as a JSON Pointer: empty for the whole document, else `/` before each step.
    package var pointer: String {
        map { step in
            switch step {
            case .key(let key): "/" + JSON.pointerStep(String(key))
            case .element(let index): "/\(index)"
            }
        }
        .joined()
    }
}

extension JSON {
    /// A key as a step of a JSON Pointer.
    static func pointerStep(_ key: String) -> String {
        key.unicodeScalars.map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
    }

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
