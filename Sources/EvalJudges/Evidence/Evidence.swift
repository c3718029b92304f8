// What is laid before a judge: labelled blocks of data, and the pictures of inputs and outputs after them.

internal import EvalCore
internal import EvalJSON

/// The evidence of one question while it is put together.
struct Evidence {
    private var blocks: [ModelContent] = []
    private var images: [String] = []

    /// The most pictures that one question shows.
    static let mostImages = 20

    /// Everything that was added.
    var content: [ModelContent] {
        blocks
            + images.prefix(Self.mostImages).enumerated()
            .flatMap { [.text("Image \($0.offset + 1) of the data:"), .image(url: $0.element)] as [ModelContent] }
    }

    /// Adds a block of somebody's words.
    mutating func add(_ label: String, _ text: String) { blocks.append(.data(label: label, text: text)) }

    /// Adds a value: its text, with pictures taken out and shown after the blocks.
    mutating func add(_ label: String, valueOf json: JSON) {
        add(label, String(pictured(json).textOfValue))
    }

    /// Adds what somebody asked: the question itself where the inputs are nothing else.
    mutating func add(_ label: String, request inputs: JSON) {
        add(label, Self.request(pictured(inputs)))
    }

    /// The value with pictures replaced by words; the pictures are shown after the blocks.
    private mutating func pictured(_ json: JSON) -> JSON {
        json.hasImages ? json.replacingImages { show($0) } : json
    }

    private mutating func show(_ url: String) -> String {
        images.append(url)
        return images.count > Self.mostImages ? "[image \(images.count), not shown]" : "[image \(images.count)]"
    }

    /// The text of inputs: a lone text is itself, one message its words, anything else JSON.
    private static func request(_ inputs: JSON) -> String {
        if let messages = inputs[key: "messages"], messages.kind == .array {
            if messages.count == 1, let text = messages[0]?[key: "content"]?.string { return text }
            return messages.serialized
        }
        if inputs.count == 1, let text = inputs.members.first(where: { _ in true })?.value.string { return text }
        return inputs.string ?? inputs.serialized
    }
}

extension Row {
    /// What was asked.
    func neededInputs() throws(ScorerError) -> JSON {
        guard let inputs = record.inputs else { throw .missingField("inputs") }
        return inputs
    }

    /// What was answered; a JSON null is a missing answer.
    func neededOutputs() throws(ScorerError) -> JSON {
        guard let outputs, !outputs.isNull else { throw .missingField("outputs") }
        return outputs
    }

    /// A member of the expectations that is there and not null.
    func expectation(_ key: String) -> JSON? {
        record.expectations?[key]?.unlessNull
    }

    /// A member of the expectations that is a text or a list of texts, and has one at least.
    func expectedTexts(_ key: String) throws(ScorerError) -> [String]? {
        guard let value = expectation(key) else { return nil }
        if let text = value.string { return [text] }
        let texts = value.elements.map { String($0.textOfValue) }
        guard value.kind == .array else {
            throw .fieldType("expectations.\(key)", expected: "a text or a list of texts", found: value.kind)
        }
        guard texts.count <= 200 else {
            throw ScorerError(code: "too_many", message: "'expectations.\(key)' has over 200 texts")
        }
        return texts.isEmpty ? nil : texts
    }
}
