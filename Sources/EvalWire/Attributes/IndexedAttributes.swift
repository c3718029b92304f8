// Attributes that count what they name: `gen_ai.prompt.0.content`, `retrieval.documents.1.document.content`.

internal import EvalCore
internal import EvalJSON

// Traceloop's: the first content there is.
extension SpanTranslator {
    mutating func traceloopInput(_ known: KnownAttributes) -> JSON? {
        first(known, ["gen_ai.prompt.", ".content"])
            ?? first(known, ["gen_ai.completion.", ".tool_calls.", ".arguments"])
    }

    mutating func traceloopOutput(_ known: KnownAttributes) -> JSON? {
        first(known, ["gen_ai.completion.", ".content"])
    }

    /// The first attribute that says something and whose key begins with some words and numbers between them.
    private mutating func first(_ known: KnownAttributes, _ words: [String]) -> JSON? {
        guard known.hasIndexed else { return nil }
        for (key, value) in known.attributes.members where Self.matches(String(key), words) {
            let inner = unwrapped(value)
            if inner.isTelling { return inner }
        }
        return nil
    }

    private static func matches(_ key: String, _ words: [String]) -> Bool {
        var rest = Substring(key)
        for (place, word) in words.enumerated() {
            if place > 0 {
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                if digits.isEmpty { return false }
                rest.removeFirst(digits.count)
            }
            guard rest.hasPrefix(word) else { return false }
            rest.removeFirst(word.count)
        }
        return true
    }
}

// What MLflow leaves alone, asked last: plain prompts and completions, messages and documents of OpenInference.
extension SpanTranslator {
    mutating func indexedInput(_ known: KnownAttributes) -> JSON? {
        if let prompt = telling(known, [.prompt]) { return prompt }
        guard known.hasIndexed else { return nil }
        return Self.messages(known, "llm.input_messages.")
    }

    mutating func indexedOutput(_ known: KnownAttributes) -> JSON? {
        if let completion = telling(known, [.completion]) { return completion }
        guard known.hasIndexed else { return nil }
        return documents(known) ?? Self.messages(known, "llm.output_messages.")
    }

    private static func messages(_ known: KnownAttributes, _ prefix: String) -> JSON? {
        let messages = counted(known, prefix, ".message.")
            .map { members in
                JSON.object(members.filter { $0.0 == "role" || $0.0 == "content" })
            }
            .filter { $0[key: "content"] != nil }
        if messages.isEmpty { return nil }
        return ["messages": .array(messages)]
    }

    /// Retrieved documents in MLflow's form.
    private mutating func documents(_ known: KnownAttributes) -> JSON? {
        var documents: [JSON] = []
        for members in Self.counted(known, "retrieval.documents.", ".document.") {
            var document: [(String, JSON)] = []
            var metadata: [(String, JSON)] = []
            for (name, value) in members {
                switch name {
                case "content": document.append(("page_content", value))
                case "id": document.append(("id", value))
                case "score": metadata.append(("score", value))
                case "metadata": metadata += unwrapped(value).members.map { (String($0.key), $0.value) }
                default: break
                }
            }
            if !metadata.isEmpty { document.append(("metadata", .object(metadata))) }
            if !document.isEmpty { documents.append(.object(document)) }
        }
        return JSON.array(documents).unlessEmpty
    }

    /// For each number after a prefix, in their order, the names after an infix and their values.
    private static func counted(_ known: KnownAttributes, _ prefix: String, _ infix: String) -> [[(String, JSON)]] {
        var found: [Int: [(String, JSON)]] = [:]
        for (key, value) in known.attributes.members {
            let key = String(key)
            guard key.hasPrefix(prefix) else { continue }
            let rest = key.dropFirst(prefix.count)
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = Int(digits), rest.dropFirst(digits.count).hasPrefix(infix) else { continue }
            found[number, default: []].append((String(rest.dropFirst(digits.count + infix.count)), value))
        }
        return found.keys.sorted().compactMap { found[$0] }
    }
}
