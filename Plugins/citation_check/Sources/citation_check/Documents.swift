// The documents of a RETRIEVER span: their ids, out of the span's JSON. Reading all of JSON isn't needed for that, only
// walking over it.

/// Retrieved documents by their ranks, the first one with an id counting.
struct Documents {
    /// How many there are.
    private(set) var count = 0
    /// The rank, from 1, of each id.
    private(set) var ids: [String: Int] = [:]

    /// Adds the documents of a span: a list of objects, also under `documents` or as JSON in a text.
    mutating func add(_ outputs: String) {
        var json = JSONWalk(outputs)
        if let text = json.text() { json = JSONWalk(text) }
        json.forEachMember { key, json in
            if key == "documents" { add(listIn: &json) } else { json.skip() }
        }
        add(listIn: &json)
    }

    private mutating func add(listIn json: inout JSONWalk) {
        json.forEachElement { json in
            let id = Self.id(in: &json)
            if let id, ids[id] != nil { return }
            count += 1
            if let id { ids[id] = count }
        }
    }

    /// The id of the document that comes next: at the top, else in its metadata.
    private static func id(in json: inout JSONWalk) -> String? {
        let keys = ["id", "metadata.id", "metadata.doc_id", "metadata.doc_uri", "doc_id", "doc_uri"]
        var found = [String?](repeating: nil, count: keys.count)
        func read(_ path: String, _ json: inout JSONWalk) {
            if let index = keys.firstIndex(of: path) { found[index] = json.id() ?? found[index] } else { json.skip() }
        }
        let isObject = json.forEachMember { key, json in
            if key == "metadata" {
                if !json.forEachMember({ key, json in read("metadata." + key, &json) }) { json.skip() }
            } else {
                read(key, &json)
            }
        }
        if !isObject { json.skip() }
        return found.lazy.compactMap { $0 }.first
    }
}

/// Walks over JSON that the host wrote, hence valid and without white space around.
struct JSONWalk {
    private let bytes: [UInt8]
    private var at = 0

    init(_ json: String) {
        bytes = Array(json.utf8)
        skipSpace()
    }

    private var byte: UInt8 { at < bytes.count ? bytes[at] : 0 }

    private mutating func skipSpace() {
        while byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    /// Calls `body` with each member of the object that is next; it must go over the value.
    ///
    /// - Returns: False, without having moved, if there is no object.
    @discardableResult
    mutating func forEachMember(_ body: (String, inout JSONWalk) -> Void) -> Bool {
        guard byte == UInt8(ascii: "{") else { return false }
        at += 1
        skipSpace()
        while let key = text() {
            skipPunctuation()
            body(key, &self)
            skipPunctuation()
        }
        at += 1
        skipSpace()
        return true
    }

    /// Calls `body` with each element of the array that is next; it must go over the element.
    mutating func forEachElement(_ body: (inout JSONWalk) -> Void) {
        guard byte == UInt8(ascii: "[") else { return }
        at += 1
        skipSpace()
        while at < bytes.count, byte != UInt8(ascii: "]") {
            let start = at
            body(&self)
            skipPunctuation()
            // Something that is no JSON: there is nothing to go over.
            if at == start { break }
        }
        at += 1
        skipSpace()
    }

    private mutating func skipPunctuation() {
        skipSpace()
        if byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") { at += 1 }
        skipSpace()
    }

    /// The text that is next; nil, without having moved, if there is none.
    mutating func text() -> String? {
        guard byte == UInt8(ascii: "\"") else { return nil }
        at += 1
        var text: [UInt8] = []
        while at < bytes.count, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { unescape(into: &text) } else { text.append(byte) }
            at += 1
        }
        at += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func unescape(into text: inout [UInt8]) {
        at += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            var scalar = hexadecimal()
            if 0xD800..<0xDC00 ~= scalar, at + 2 < bytes.count, bytes[at + 1] == UInt8(ascii: "\\") {
                at += 2
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (hexadecimal() & 0x3FF)
            }
            text += Array(String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8)
        default: text.append(byte)
        }
    }

    /// The four digits behind the `u` that is next; ends at the last of them.
    private mutating func hexadecimal() -> UInt32 {
        let digits = bytes[min(at + 1, bytes.count)..<min(at + 5, bytes.count)]
        at += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16) ?? 0xFFFD
    }

    /// The text or integer that is next, as an id; anything else is gone over.
    mutating func id() -> String? {
        if let text = text() { return text }
        let start = min(at, bytes.count)
        skip()
        let digits = bytes[start..<max(start, min(at, bytes.count))]
        return Int(String(decoding: digits, as: UTF8.self)).map(String.init)
    }

    /// Goes over the value that is next.
    mutating func skip() {
        var depth = 0
        while at < bytes.count {
            switch byte {
            case UInt8(ascii: "\""):
                _ = text()
                if depth == 0 { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
                if depth == 0 {
                    at += 1
                    return
                }
            case UInt8(ascii: ","):
                if depth == 0 { return }
            default: break
            }
            at += 1
        }
    }
}
