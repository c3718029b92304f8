// Making documents in Swift: values are appended in order, nested ones between begin and end.

internal import CEvalSimdjson

/// Appends values one after another and gives the finished document.
///
///     var builder = JSONBuilder()
///     builder.beginObject()
///     builder.key("score"); builder.append(0.5)
///     builder.endObject()
///     let json = builder.finish()
///
/// Exactly one value is appended at the top; inside an object each value follows its key. To break that is a
/// programmer's error and traps.
public struct JSONBuilder: ~Copyable {
    private var words: [UInt64] = [0]
    private var strings: [UInt8] = []
    private var open: [Int] = []

    /// An empty document.
    public init() {}

    /// An empty document with room for an expected size, so that it needs not grow.
    ///
    /// - Parameters:
    ///   - values: About how many values and keys come.
    ///   - bytes: About how many bytes of text they have.
    package init(values: Int, bytes: Int) {
        words.reserveCapacity(2 * values + 2)
        strings.reserveCapacity(bytes + 5 * values)
    }

    /// Begins an object; `endObject` ends it.
    public mutating func beginObject() { begin(Tag.object) }
    /// Ends the innermost object.
    public mutating func endObject() { end(Tag.object, Tag.objectEnd) }
    /// Begins an array; `endArray` ends it.
    public mutating func beginArray() { begin(Tag.array) }
    /// Ends the innermost array.
    public mutating func endArray() { end(Tag.array, Tag.arrayEnd) }

    /// Appends the key of the value that comes next.
    public mutating func key(_ name: String) { append(name) }
    /// Appends the key of the value that comes next.
    public mutating func key(_ name: Text) { append(name) }

    /// Appends a string.
    public mutating func append(_ string: String) {
        var string = string
        string.withUTF8 { appendUTF8($0) }
    }

    /// Appends a string.
    public mutating func append(_ text: Text) {
        text.withUTF8 { appendUTF8($0) }
    }

    /// Appends a string, or the key of the value that comes next, from bytes that somebody else wrote.
    ///
    /// - Parameter utf8: The bytes.
    /// - Returns: Whether they are valid UTF-8; where they aren't, nothing is appended.
    package mutating func append(checking utf8: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = utf8.baseAddress, !utf8.isEmpty else {
            appendUTF8(utf8)
            return true
        }
        guard ceval_utf8_is_valid(start, utf8.count) else { return false }
        appendUTF8(utf8)
        return true
    }

    /// Appends an integer.
    public mutating func append(_ integer: Int64) {
        words.append(UInt64(Tag.signed) << 56)
        words.append(UInt64(bitPattern: integer))
    }

    /// Appends a number; JSON has no NaN and no infinities, they become `null`.
    public mutating func append(_ number: Double) {
        guard number.isFinite else { return appendNull() }
        words.append(UInt64(Tag.double) << 56)
        words.append(number.bitPattern)
    }

    /// Appends a truth value.
    public mutating func append(_ boolean: Bool) {
        words.append(UInt64(boolean ? Tag.yes : Tag.no) << 56)
    }

    /// Appends `null`.
    public mutating func appendNull() {
        words.append(UInt64(Tag.null) << 56)
    }

    /// Appends a copy of a value with all that is in it.
    public mutating func append(_ json: JSON) {
        let source = json.storage
        let end = source.skip(json.index)
        var at = json.index
        while at < end {
            let word = source.tape[at]
            switch source.tag(at) {
            case Tag.string:
                appendUTF8(source.utf8(at))
            case Tag.object, Tag.array, Tag.objectEnd, Tag.arrayEnd:
                let target = Int(word & Tag.scopeMask) - json.index + words.count - (at - json.index)
                words.append((word & ~Tag.scopeMask) | UInt64(target))
            case Tag.signed, Tag.unsigned, Tag.double:
                words.append(word)
                words.append(source.tape[at + 1])
                at += 1
            default:
                words.append(word)
            }
            at += 1
        }
    }

    /// The document; the builder is used up.
    public consuming func finish() -> JSON {
        precondition(open.isEmpty && words.count > 1, "an unfinished JSON document")
        words[0] = UInt64(Tag.root) << 56 | UInt64(words.count)
        let storage = words.withUnsafeBufferPointer { words in
            strings.withUnsafeBufferPointer { JSONStorage.make(words: words, strings: $0) }
        }
        return JSON(storage: storage, index: 1)
    }

    private mutating func begin(_ tag: UInt8) {
        open.append(words.count)
        words.append(UInt64(tag) << 56)
    }

    private mutating func end(_ tag: UInt8, _ endTag: UInt8) {
        guard let start = open.popLast(), words[start] >> 56 == UInt64(tag) else {
            preconditionFailure("an end without its beginning in a JSON document")
        }
        words.append(UInt64(endTag) << 56 | UInt64(start))
        words[start] |= UInt64(words.count)
    }

    private mutating func appendUTF8(_ utf8: UnsafeBufferPointer<UInt8>) {
        precondition(utf8.count < UInt32.max, "a string of over 4 GiB")
        words.append(UInt64(Tag.string) << 56 | UInt64(strings.count))
        withUnsafeBytes(of: UInt32(utf8.count)) { strings.append(contentsOf: $0) }
        strings.append(contentsOf: utf8)
        strings.append(0)
    }
}

extension JSON {
    /// `null`.
    public static let null: JSON = {
        var builder = JSONBuilder()
        builder.appendNull()
        return builder.finish()
    }()

    /// Makes a string.
    public init(_ string: String) {
        var builder = JSONBuilder()
        builder.append(string)
        self = builder.finish()
    }

    /// Makes an integer.
    public init(_ integer: Int64) {
        var builder = JSONBuilder()
        builder.append(integer)
        self = builder.finish()
    }

    /// Makes an integer.
    public init(_ integer: Int) { self.init(Int64(integer)) }

    /// Makes a number; NaN and infinities become `null`.
    public init(_ number: Double) {
        var builder = JSONBuilder()
        builder.append(number)
        self = builder.finish()
    }

    /// Makes a truth value.
    public init(_ boolean: Bool) {
        var builder = JSONBuilder()
        builder.append(boolean)
        self = builder.finish()
    }

    /// Makes an object with its keys in the given order.
    public static func object(_ members: some Sequence<(String, JSON)>) -> JSON {
        var builder = JSONBuilder()
        builder.beginObject()
        for (key, value) in members {
            builder.key(key)
            builder.append(value)
        }
        builder.endObject()
        return builder.finish()
    }

    /// Makes an array.
    public static func array(_ elements: some Sequence<JSON>) -> JSON {
        var builder = JSONBuilder()
        builder.beginArray()
        for element in elements { builder.append(element) }
        builder.endArray()
        return builder.finish()
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// Makes a string.
    public init(stringLiteral value: String) { self.init(value) }
    /// Makes an integer.
    public init(integerLiteral value: Int64) { self.init(value) }
    /// Makes a number.
    public init(floatLiteral value: Double) { self.init(value) }
    /// Makes a truth value.
    public init(booleanLiteral value: Bool) { self.init(value) }
    /// Makes `null`.
    public init(nilLiteral: ()) { self = .null }
    /// Makes an array.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// Makes an object with its keys in the written order.
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements) }
}
