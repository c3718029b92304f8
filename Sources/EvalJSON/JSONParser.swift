// Reading JSON text: simdjson checks UTF-8, syntax, numbers and depth; what it made is copied off its tape once.

internal import CEvalSimdjson
internal import Foundation

/// Why a text is not the JSON that it should be.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, as a sentence without its full stop.
    public let description: String
    /// The byte at which it was noticed, counted from 0, where that is known.
    public let offset: Int?

    /// Makes an error.
    public init(_ description: String, offset: Int? = nil) {
        self.description = description
        self.offset = offset
    }
}

/// Parses documents one after another with the same scratch memory.
///
/// A parser belongs to one task at a time. Duplicate keys are kept (the last one answers), nesting beyond 1,024
/// levels and numbers outside of a double's range are errors.
public struct JSONParser: ~Copyable {
    /// How many readable bytes must follow a document that is parsed in place.
    public static let padding = Int(CEVAL_JSON_PADDING)
    /// The largest document, in bytes.
    public static let maximumBytes = 0xFFFF_FFFF - 64

    private var parser: OpaquePointer?
    private var capacity = 0
    private var scratch: [UInt8] = []

    /// A parser that grows to the largest document that it meets.
    public init() {}

    deinit { ceval_json_parser_destroy(parser) }

    /// Parses one document.
    ///
    /// - Parameter bytes: The document; ``padding`` readable bytes need not follow, it is copied if they don't.
    /// - Returns: The value.
    /// - Throws: What is wrong with it.
    public mutating func parse(_ bytes: some Collection<UInt8>) throws(JSONError) -> JSON {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: bytes)
        scratch.append(contentsOf: repeatElement(0, count: Self.padding))
        let scratch = self.scratch
        return try scratch.withUnsafeBufferPointer { buffer throws(JSONError) in
            try parse(padded: UnsafeBufferPointer(rebasing: buffer.dropLast(Self.padding)))
        }
    }

    /// Parses one document in place, where ``padding`` readable bytes follow `bytes`.
    public mutating func parse(padded bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSON {
        guard bytes.count <= Self.maximumBytes else { throw JSONError("the document is larger than 4 GiB") }
        var tape = ceval_json_tape()
        guard let code = run(bytes, &tape) else { throw JSONError("there is no JSON in an empty text") }
        guard code == 0 else { throw Self.explain(code, bytes) }
        return Self.json(tape)
    }

    /// Parses a text that may hold no JSON at all, which is no mistake and costs nothing to explain.
    package mutating func value(of text: Text) -> JSON? {
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: text)
        scratch.append(contentsOf: repeatElement(0, count: Self.padding))
        let scratch = self.scratch
        return scratch.withUnsafeBufferPointer { (buffer) -> JSON? in
            var tape = ceval_json_tape()
            let bytes = UnsafeBufferPointer(rebasing: buffer.dropLast(Self.padding))
            return run(bytes, &tape) == 0 ? Self.json(tape) : Optional<JSON>.none
        }
    }

    /// Parses; gives simdjson's code, 0 where all is well.
    private mutating func run(_ bytes: UnsafeBufferPointer<UInt8>, _ tape: inout ceval_json_tape) -> Int32? {
        guard bytes.count <= Self.maximumBytes, let start = bytes.baseAddress else { return nil }
        if parser == nil || capacity < bytes.count {
            ceval_json_parser_destroy(parser)
            capacity = max(bytes.count, 64 * 1024)
            parser = ceval_json_parser_create(capacity)
        }
        guard let parser else { return nil }
        return ceval_json_parse(parser, start, bytes.count, &tape)
    }

    private static func json(_ tape: ceval_json_tape) -> JSON {
        let storage = JSONStorage.make(
            words: UnsafeBufferPointer(start: tape.words, count: tape.word_count),
            strings: UnsafeBufferPointer(start: tape.strings, count: tape.string_bytes)
        )
        return JSON(storage: storage, index: 1)
    }

    /// simdjson names the kind of mistake; Foundation's slower parser is asked where it is.
    private static func explain(_ code: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> JSONError {
        let message = String(cString: ceval_json_error_message(code))
        let what: String
        if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) {
            what = "there is no JSON in an empty text"
        } else if message.contains("UTF-8") {
            let valid = String(decoding: bytes, as: UTF8.self)
            let offset = zip(valid.utf8, bytes).enumerated().first { $1.0 != $1.1 }?.offset
            return JSONError("the text is not valid UTF-8", offset: offset)
        } else if message.contains("too deep") || message.contains("depth") {
            what = "the nesting is deeper than 1024 levels"
        } else if message.contains("NUMBER") || message.contains("number") {
            what = "a number is malformed or out of range"
        } else {
            what = "the text is not valid JSON"
        }
        return JSONError(what, offset: bytes.count > 1 << 20 ? nil : position(in: bytes))
    }

    private static func position(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        do {
            _ = try JSONSerialization.jsonObject(with: Data(buffer: bytes), options: [.fragmentsAllowed])
            return nil
        } catch {
            // "Invalid value around character 27.": there is no other way to the number.
            let words = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
            guard let place = words.range(of: "around character ") else { return nil }
            return Int(words[place.upperBound...].prefix { $0.isNumber })
        }
    }
}

extension JSON {
    /// Parses a text that holds one JSON value.
    ///
    /// - Throws: What is wrong with it.
    public init(parsing text: String) throws(JSONError) {
        var parser = JSONParser()
        self = try parser.parse(text.utf8)
    }

    /// Parses bytes that hold one JSON value.
    public init(parsing bytes: some Collection<UInt8>) throws(JSONError) {
        var parser = JSONParser()
        self = try parser.parse(bytes)
    }

    /// The path of the first object in this value that has the same key twice, with that key; nil if there is none.
    public func firstDuplicateKey() -> String? {
        switch kind {
        case .array:
            for element in elements {
                if let found = element.firstDuplicateKey() { return found }
            }
            return nil
        case .object:
            return duplicateKeyOfObject()
        default:
            return nil
        }
    }

    private func duplicateKeyOfObject() -> String? {
        var rest = members
        var seen: Set<Text> = []
        var position = 0
        while let (key, value) = rest.next() {
            // Few keys: comparing is cheaper than hashing.
            if position < 8 {
                var earlier = members
                for _ in 0..<position {
                    if let (other, _) = earlier.next(), other == key { return String(key) }
                }
            } else {
                if seen.isEmpty { for (other, _) in members.prefix(position) { seen.insert(other) } }
                if !seen.insert(key).inserted { return String(key) }
            }
            if let found = value.firstDuplicateKey() { return found }
            position += 1
        }
        return nil
    }
}
