// A JSON value: a place in an immutable document. Copying one copies a reference, never the tree.
// It refuses to be mutable: make a new value from literals, `JSON.object` or a `JSONBuilder`.

/// A JSON value.
///
/// Values are read from text with ``JSON/init(parsing:)`` or written as literals:
///
///     let row: JSON = ["inputs": ["question": "Capital of Australia?"]]
///     row["inputs"]?["question"]?.string
public struct JSON: @unchecked Sendable {  // a place in memory that never changes: see JSONStorage
    @usableFromInline let storage: JSONStorage
    @usableFromInline let index: Int

    @inlinable
    init(storage: JSONStorage, index: Int) {
        self.storage = storage
        self.index = index
    }

    /// The seven kinds of value that are told apart; integers are those that fit in 64 bits with a sign.
    public enum Kind: String, Sendable {
        case null, boolean, integer, number, string, array, object
    }

    /// What this value is.
    @inlinable
    public var kind: Kind {
        switch storage.tag(index) {
        case Tag.object: .object
        case Tag.array: .array
        case Tag.string: .string
        case Tag.signed: .integer
        case Tag.unsigned, Tag.double: .number
        case Tag.yes, Tag.no: .boolean
        default: .null
        }
    }

    /// Whether this is `null`.
    @inlinable public var isNull: Bool { storage.tag(index) == Tag.null }

    /// The value, or nothing where it is `null`.
    ///
    /// `json.isNull ? nil : json` means something else: its `nil` is JSON's null.
    @inlinable public var unlessNull: JSON? { isNull ? Optional<JSON>.none : self }

    /// The truth value, if this is one.
    @inlinable public var boolean: Bool? {
        switch storage.tag(index) {
        case Tag.yes: true
        case Tag.no: false
        default: nil
        }
    }

    /// The exact integer, if this was written as one and fits.
    @inlinable public var integer: Int64? {
        storage.tag(index) == Tag.signed ? Int64(bitPattern: storage.tape[index + 1]) : nil
    }

    /// The number as a double, whichever way it was written.
    @inlinable public var number: Double? {
        switch storage.tag(index) {
        case Tag.signed: Double(Int64(bitPattern: storage.tape[index + 1]))
        case Tag.unsigned: Double(storage.tape[index + 1])
        case Tag.double: Double(bitPattern: storage.tape[index + 1])
        default: nil
        }
    }

    /// A view of the string's bytes, if this is a string; nothing is copied.
    @inlinable public var text: Text? {
        guard storage.tag(index) == Tag.string else { return nil }
        let utf8 = storage.utf8(index)
        return Text(storage: storage, start: Int(storage.tape[index] & Tag.payloadMask) + 4, count: utf8.count)
    }

    /// The string, copied, if this is one.
    public var string: String? { text.map { String($0) } }

    /// The value under `key`, if this is an object that has it.
    public subscript(_ key: String) -> JSON? {
        guard storage.tag(index) == Tag.object else { return nil }
        var key = key
        return key.withUTF8 { member(named: $0) }
    }

    /// The value under a key that is known when the program is built, which needs no string at run time.
    @inlinable
    public subscript(key key: StaticString) -> JSON? {
        guard storage.tag(index) == Tag.object else { return nil }
        return member(named: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
    }

    /// The value under a key that is itself a view of text.
    public subscript(_ key: Text) -> JSON? {
        guard storage.tag(index) == Tag.object else { return nil }
        return key.withUTF8 { member(named: $0) }
    }

    /// The element at `position`, if this is an array that is long enough.
    public subscript(_ position: Int) -> JSON? {
        guard storage.tag(index) == Tag.array, position >= 0 else { return nil }
        return elements.dropFirst(position).first { _ in true }
    }

    /// The value under `key`; of a key written twice, the last.
    @usableFromInline
    func member(named key: UnsafeBufferPointer<UInt8>) -> JSON? {
        var found: JSON?
        var at = index + 1
        let end = Int(storage.tape[index] & Tag.scopeMask) - 1
        while at < end {
            if bytesEqual(storage.utf8(at), key) { found = JSON(storage: storage, index: at + 1) }
            at = storage.skip(at + 1)
        }
        return found
    }
}

extension JSON: Equatable {
    /// Whether two values are the same JSON: 1 equals 1.0, and the order of an object's keys does not count.
    public static func == (left: JSON, right: JSON) -> Bool {
        if left.storage === right.storage, left.index == right.index { return true }
        switch (left.kind, right.kind) {
        case (.null, .null): return true
        case (.boolean, .boolean): return left.boolean == right.boolean
        case (.integer, .integer): return left.integer == right.integer
        case (.integer, .number), (.number, .integer), (.number, .number): return left.number == right.number
        case (.string, .string): return left.text == right.text
        case (.array, .array): return left.elements.elementsEqual(right.elements)
        case (.object, .object):
            return haveSameMembers(left.lastMembers, right.lastMembers)
        default: return false
        }
    }

    private static func haveSameMembers(
        _ left: [(key: Text, value: JSON)],
        _ right: [(key: Text, value: JSON)]
    ) -> Bool {
        guard left.count == right.count else { return false }
        // Most often the keys are in the same order.
        if zip(left, right).allSatisfy({ $0.key == $1.key }) {
            return zip(left, right).allSatisfy { $0.value == $1.value }
        }
        let values = Dictionary(uniqueKeysWithValues: right.map { ($0.key, $0.value) })
        return left.allSatisfy { values[$0.key] == $0.value }
    }
}
