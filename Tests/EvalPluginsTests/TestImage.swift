// ELF files as nobody's linker writes them.

@testable import EvalPlugins

/// A library for this machine, one part after another.
struct TestImage {
    struct Segment {
        var type: UInt32
        var offset: Int
        var size: Int
    }

    /// The last two are added: what is loaded, the whole file, and the dynamic segment.
    var segments: [Segment] = []
    /// Of the dynamic segment, before that of the strings.
    var dynamic: [(tag: Int, value: Int)] = []
    var strings: [UInt8] = [0]
    /// Tables of functions: their places and names.
    var symbols: [[(place: Int, name: String)]] = []
    private var contents: [UInt8] = []
    /// Room for the headers.
    private static let start = 64 + 310 * 56

    /// A note of evalhost.
    static func note() -> [UInt8] {
        number(9, 4) + number(4, 4) + number(1, 4) + Array("evalhost".utf8) + [0, 0, 0, 0] + number(0x10000, 4)
    }

    mutating func addSegment(type: UInt32, _ bytes: [UInt8]) {
        segments.append(Segment(type: type, offset: Self.start + contents.count, size: bytes.count))
        contents += bytes + Array(repeating: 0, count: -bytes.count & 7)
    }

    private static func number(_ value: Int, _ size: Int) -> [UInt8] {
        (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func word(_ value: UInt32) -> [UInt8] { number(Int(value), 4) }

    var bytes: [UInt8] {
        var tail = contents
        func place() -> Int { Self.start + tail.count }
        let stringsAt = place()
        tail += strings + Array(repeating: 0, count: -strings.count & 7)
        let dynamicAt = place()
        let entries = dynamic + [(5, stringsAt), (0, 0)]
        for entry in entries { tail += Self.number(entry.tag, 8) + Self.number(entry.value, 8) }
        var sections: [UInt8] = []
        func addSection(_ type: Int, _ offset: Int, _ size: Int, link: Int) {
            sections += Self.number(0, 4) + Self.number(type, 4) + Self.number(0, 16) + Self.number(offset, 8)
            sections += Self.number(size, 8) + Self.number(link, 4) + Self.number(0, 20)
        }
        for table in symbols {
            let namesAt = place()
            var names: [UInt8] = [0]
            var entries: [UInt8] = []
            for symbol in table {
                entries +=
                    Self.number(names.count, 4) + [2, 0, 0, 0] + Self.number(symbol.place, 8) + Self.number(16, 8)
                names += Array(symbol.name.utf8) + [0]
            }
            tail += names + Array(repeating: 0, count: -names.count & 7)
            addSection(2, place(), entries.count, link: sections.count / 64 + 1)
            tail += entries
            addSection(3, namesAt, names.count, link: 0)
        }
        let sectionsAt = place()
        tail += sections
        let all =
            segments + [
                Segment(type: 1, offset: 0, size: place()),
                Segment(type: 2, offset: dynamicAt, size: entries.count * 16),
            ]
        var head: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        head += Self.number(3, 2) + Self.number(Int(ELFImage.thisMachine), 2) + Self.number(1, 4) + Self.number(0, 8)
        head += Self.number(64, 8) + Self.number(sectionsAt, 8) + Self.number(0, 4) + Self.number(64, 2)
        head += Self.number(56, 2) + Self.number(all.count, 2) + Self.number(64, 2)
        head += Self.number(sections.count / 64, 2) + Self.number(0, 2)
        for segment in all {
            head += Self.word(segment.type) + Self.number(0, 4) + Self.number(segment.offset, 8)
            head += Self.number(segment.offset, 8) + Self.number(0, 8) + Self.number(segment.size, 8)
            head += Self.number(segment.size, 8) + Self.number(8, 8)
        }
        return head + Array(repeating: 0, count: Self.start - head.count) + tail
    }

    /// Why it is no plugin; nil if it is one.
    var problem: ELFImage.Problem? {
        bytes.withUnsafeBytes { memory in
            do throws(ELFImage.Problem) {
                _ = try ELFImage(memory)
                return nil
            } catch {
                return error
            }
        }
    }

    /// The libraries that it needs; nil if it is no plugin.
    var needed: [String]? { bytes.withUnsafeBytes { memory in try? ELFImage(memory).needed } }
}
