// Tags and parameters as MLflow writes them: lists of `{"key": …, "value": …}`, and what their keys may be.

internal import EvalCore
internal import EvalJSON

extension Shape {
    /// A list of tags or parameters.
    static let keyedTexts = Shape.list(
        .named(
            "KeyValue",
            [Field("key", required: true, "The key"), Field("value", "The value, a text")]
        )
    )
}

extension APIRequest {
    /// Tags or parameters of the body; of two with one key the last counts.
    func keyedTexts(_ name: String) -> KeyedTexts {
        var values: [String: String] = [:]
        var keys: [String] = []
        for element in list(name) {
            guard let key = element[key: "key"]?.string else { continue }
            if values.updateValue(element[key: "value"]?.string ?? "", forKey: key) == nil { keys.append(key) }
        }
        return keys.map { ($0, values[$0] ?? "") }
    }
}

extension JSON {
    /// A list of tags or parameters; nil where there are none.
    static func keyedTexts(_ texts: KeyedTexts) -> JSON? {
        texts.isEmpty ? nil : .array(texts.map { .object([("key", JSON($0.key)), ("value", JSON($0.value))]) })
    }
}

/// What keys and values of tags may be; MLflow's bounds.
enum KeyRules {
    /// The longest key, in characters.
    static let keyLength = 250
    /// The longest value of a registered model's or a version's tag, in characters; a prompt's text is one.
    static let registryValueLength = 100_000

    /// Refuses a key that MLflow refuses.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - name: The argument, for the message.
    /// - Throws: What is wrong with the key.
    static func check(key: String, _ name: String = "key") throws(APIError) {
        guard !key.isEmpty else { throw .invalid("Missing value for required parameter '\(name)'.") }
        guard key.count <= keyLength else { throw .invalid("'\(name)' has more than \(keyLength) characters.") }
        guard key.allSatisfy({ $0.isLetter || $0.isNumber || "_-.:/ ".contains($0) }) else {
            throw .invalid("'\(name)' may have letters, digits and _ - . : / and spaces only, and is '\(key)'.")
        }
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw .invalid("'\(name)' must not have parts that are empty, '.' or '..', and is '\(key)'.")
        }
    }

    /// Refuses tags that MLflow's registry refuses.
    static func check(registryTags tags: KeyedTexts) throws(APIError) {
        for (key, value) in tags {
            try check(key: key)
            guard value.count <= registryValueLength else {
                let what = key == "mlflow.prompt.text" ? "The prompt's text" : "The value of the tag '\(key)'"
                throw .invalid("\(what) has more than \(registryValueLength) characters.")
            }
        }
    }
}
