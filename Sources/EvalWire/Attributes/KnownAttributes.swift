// A span's attributes, looked through once: which keys are known, and where they stand.

internal import EvalJSON

/// A span's attributes with those that are known at hand.
struct KnownAttributes {
    /// One attribute that is known.
    struct Entry {
        /// Its place among all attributes.
        var place: Int
        var term: Term
        var value: JSON
    }

    /// All attributes: an object.
    let attributes: JSON
    /// Those that are known, in their order.
    private(set) var entries: [Entry] = []
    /// The terms that are there.
    private(set) var present: UInt128 = 0
    /// Whether a key begins with `mlflow.`.
    private(set) var hasOwn = false
    /// Whether a key begins with `mlflow.traceTag.`.
    private(set) var hasTraceTags = false
    /// Whether a key begins with `lk.`, as LiveKit's do.
    private(set) var hasLiveKit = false
    /// Whether a key counts what it names, such as `gen_ai.prompt.0.content`.
    private(set) var hasIndexed = false

    /// Looks through the attributes.
    init(_ attributes: JSON) {
        self.attributes = attributes
        var place = 0
        for (key, value) in attributes.members {
            if let term = Term.of(key) {
                if entries.isEmpty { entries.reserveCapacity(16) }
                entries.append(Entry(place: place, term: term, value: value))
                present |= term.bit
            }
            key.withUTF8 { look(at: $0) }
            place += 1
        }
    }

    private mutating func look(at key: UnsafeBufferPointer<UInt8>) {
        switch key.first {
        case UInt8(ascii: "m"):
            guard key.begins(with: "mlflow.") else { return }
            hasOwn = true
            if key.begins(with: "mlflow.traceTag.") { hasTraceTags = true }
        case UInt8(ascii: "l"):
            if key.begins(with: "lk.") { hasLiveKit = true }
            if key.begins(with: "llm.input_messages.") || key.begins(with: "llm.output_messages.") { hasIndexed = true }
        case UInt8(ascii: "g"):
            if key.begins(with: "gen_ai.prompt.") || key.begins(with: "gen_ai.completion.") { hasIndexed = true }
        case UInt8(ascii: "r"):
            if key.begins(with: "retrieval.documents.") { hasIndexed = true }
        default: break
        }
    }

    /// The value of a term; of a key written twice, the last.
    subscript(term: Term) -> JSON? {
        guard present & term.bit != 0 else { return nil }
        return entries.last { $0.term == term }?.value
    }

    /// Whether the span tells something of its whole trace.
    var tellsOfTrace: Bool {
        present & (Term.sessionID.bit | Term.conversationID.bit | Term.userID.bit) != 0 || hasTraceTags
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes begin with those of a word.
    fileprivate func begins(with word: StaticString) -> Bool {
        count >= word.utf8CodeUnitCount
            && zip(self, UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
                .allSatisfy { $0 == $1 }
    }
}

extension JSON {
    /// The value, or nothing where it says nothing.
    var unlessEmpty: JSON? { isTelling ? self : Optional<JSON>.none }

    /// Whether the value says anything: null, false, 0, and empty texts, lists and objects don't.
    var isTelling: Bool {
        switch kind {
        case .null: false
        case .boolean: boolean == true
        case .integer, .number: number != 0
        case .string: text?.isEmpty == false
        case .array: elements.contains { _ in true }
        case .object: members.contains { _ in true }
        }
    }
}
