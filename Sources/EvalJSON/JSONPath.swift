// Where a field lies in a row: `expectations.expected_response`, `inputs."a.b"`, `inputs.messages[0].content`.

/// A path into a JSON value: keys separated by dots, awkward keys in double quotes, `[n]` for array elements.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible {
    /// A step into an object or an array.
    public enum Step: Sendable, Hashable {
        case key(Text)
        case element(Int)
    }

    /// The steps from the top.
    public let steps: [Step]

    /// Makes a path of steps.
    public init(steps: [Step]) { self.steps = steps }

    /// Reads a path.
    ///
    /// - Throws: What is wrong with it, and at which byte.
    public init(_ source: String) throws(JSONError) {
        var reader = Reader(bytes: Array(source.utf8))
        steps = try reader.steps()
    }

    /// The value at the path in `json`, if there is one; `null` is a value.
    public func value(in json: JSON) -> JSON? {
        var current = json
        for step in steps {
            let next: JSON? =
                switch step {
                case .key(let key): current[key]
                case .element(let position): current[position]
                }
            guard let next else { return nil }
            current = next
        }
        return current
    }

    /// The path as it is written.
    public var description: String {
        var result = ""
        for step in steps {
            switch step {
            case .key(let key):
                if !result.isEmpty { result += "." }
                let plain = !key.isEmpty && key.allSatisfy { Reader.isPlain($0) }
                result += plain ? String(key) : JSON(String(key)).serialized
            case .element(let position):
                result += "[\(position)]"
            }
        }
        return result
    }

    private struct Reader {
        let bytes: [UInt8]
        var at = 0

        static func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: ":"),
                UInt8(ascii: "?"), 0...0x20:
                false
            default: true
            }
        }

        mutating func steps() throws(JSONError) -> [Step] {
            var steps: [Step] = [try key()]
            while at < bytes.count {
                switch bytes[at] {
                case UInt8(ascii: "."):
                    at += 1
                    steps.append(try key())
                case UInt8(ascii: "["):
                    steps.append(try element())
                default:
                    throw JSONError("'.' or '[' was expected in the path", offset: at)
                }
            }
            return steps
        }

        private mutating func key() throws(JSONError) -> Step {
            if at < bytes.count, bytes[at] == UInt8(ascii: "\"") { return try quotedKey() }
            let start = at
            while at < bytes.count, Self.isPlain(bytes[at]) { at += 1 }
            guard at > start else { throw JSONError("a key was expected in the path", offset: at) }
            return .key(Text(String(decoding: bytes[start..<at], as: UTF8.self)))
        }

        private mutating func quotedKey() throws(JSONError) -> Step {
            let start = at
            at += 1
            while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
                at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard at < bytes.count else { throw JSONError("a quoted key does not end in the path", offset: start) }
            at += 1
            guard let text = try JSON(parsing: bytes[start..<at]).text else {
                throw JSONError("a quoted key is malformed in the path", offset: start)
            }
            return .key(text)
        }

        private mutating func element() throws(JSONError) -> Step {
            let start = at
            at += 1
            let digits = bytes[at...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            at += digits.count
            guard let position = Int(String(decoding: digits, as: UTF8.self)), at < bytes.count,
                bytes[at] == UInt8(ascii: "]")
            else { throw JSONError("an element is written [n] in the path", offset: start) }
            at += 1
            return .element(position)
        }
    }
}
