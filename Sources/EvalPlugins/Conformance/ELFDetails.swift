// What else a library's file says: where it looks for others, which glibc it needs, what it exports. For the checks of
// its author only; the segments were checked before, all else is bounded here, and what is out of bounds isn't there.

internal import Foundation

/// Parts of an ELF file that the host doesn't need to load it.
struct ELFDetails: Sendable {
    private(set) var needed: [String] = []
    /// DT_RPATH and DT_RUNPATH, at their colons.
    private(set) var searchPath: [String] = []
    private(set) var hasExecutableStack = true
    private(set) var hasTextRelocations = false
    /// The versions of symbols that it needs of other libraries, such as `GLIBC_2.34`.
    private(set) var versions: [String] = []
    /// The functions and objects that it exports, without those that C++ puts into every library that uses them.
    private(set) var exports: [String] = []

    private struct Segment {
        let type: UInt32
        let flags: UInt32
        let offset: Int
        let address: UInt64
        let size: Int
    }

    /// Reads a file; nil if it isn't one for 64 bits.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 64 else { return nil }
        let reader = Reader(bytes: bytes)
        let start = Int(clamping: reader.load(32) as UInt64)
        let count = Int(reader.load(56) as UInt16)
        let segments = (0..<count)
            .map { index in
                let at = start + index * 56
                return Segment(
                    type: reader.load(at),
                    flags: reader.load(at + 4),
                    offset: Int(clamping: reader.load(at + 8) as UInt64),
                    address: reader.load(at + 16),
                    size: Int(clamping: reader.load(at + 32) as UInt64)
                )
            }
        if let stack = segments.first(where: { $0.type == 0x6474_E551 }) { hasExecutableStack = stack.flags & 1 != 0 }
        func place(_ address: UInt64) -> Int? {
            for segment in segments where segment.type == 1 && address >= segment.address {
                let within = address - segment.address
                if within < UInt64(segment.size) { return segment.offset + Int(within) }
            }
            return nil
        }
        guard let dynamic = segments.first(where: { $0.type == 2 }) else { return nil }
        var entries: [(tag: Int64, value: UInt64)] = []
        for at in stride(from: dynamic.offset, to: dynamic.offset + max(0, dynamic.size - 15), by: 16).prefix(4096) {
            let tag: Int64 = reader.load(at)
            if tag == 0 { break }
            entries.append((tag, reader.load(at + 8)))
        }
        func value(_ tag: Int64) -> UInt64? { entries.first { $0.tag == tag }?.value }
        let names = value(5).flatMap(place) ?? bytes.count
        func text(_ offset: UInt64) -> String { reader.text(names + Int(clamping: offset)) }
        needed = entries.filter { $0.tag == 1 }.map { text($0.value) }
        searchPath = entries.filter { $0.tag == 15 || $0.tag == 29 }
            .flatMap { text($0.value).split(separator: ":").map(String.init) }
        hasTextRelocations = value(22) != nil || (value(30) ?? 0) & 4 != 0
        if let at = value(0x6FFF_FFFE).flatMap(place) {
            versions = reader.versions(at, count: Int(clamping: value(0x6FFF_FFFF) ?? 0), names: names)
        }
        exports = reader.exports()
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer

        func load<Number: FixedWidthInteger>(_ offset: Int) -> Number {
            guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return 0 }
            return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
        }

        func text(_ offset: Int) -> String {
            guard offset >= 0, offset < bytes.count else { return "" }
            return String(decoding: bytes[offset...].prefix(LoadLimits.helpBytes).prefix { $0 != 0 }, as: UTF8.self)
        }

        /// Follows the chains of Elf64_Verneed and Elf64_Vernaux.
        func versions(_ start: Int, count: Int, names: Int) -> [String] {
            var found: [String] = []
            var need = start
            for _ in 0..<min(count, LoadLimits.neededLibraries) {
                var aux = need + Int(load(need + 8) as UInt32)
                for _ in 0..<min(Int(load(need + 2) as UInt16), 512) {
                    found.append(text(names + Int(load(aux + 8) as UInt32)))
                    aux += Int(load(aux + 12) as UInt32)
                }
                need += Int(load(need + 12) as UInt32)
            }
            return found
        }

        /// Reads the section of exported symbols.
        func exports() -> [String] {
            let table = Int(clamping: load(40) as UInt64)
            let count = Int(load(60) as UInt16)
            func section(_ index: Int) -> (type: UInt32, range: Range<Int>, link: Int) {
                let at = table + index * 64
                let offset = min(Int(clamping: load(at + 24) as UInt64), bytes.count)
                let size = min(Int(clamping: load(at + 32) as UInt64), bytes.count - offset)
                return (load(at + 4), offset..<(offset + size), Int(load(at + 40) as UInt32))
            }
            guard let symbols = (0..<count).lazy.map(section).first(where: { $0.type == 11 }), symbols.link < count
            else { return [] }
            let names = section(symbols.link).range.lowerBound
            var found: [String] = []
            let range = symbols.range.prefix(LoadLimits.symbols * 24)
            for at in stride(from: range.lowerBound, to: range.upperBound - 23, by: 24) {
                let (info, other): (UInt8, UInt8) = (load(at + 4), load(at + 5))
                let home: UInt16 = load(at + 6)
                let isVisible = other & 3 == 0 || other & 3 == 3
                // Global only: weak ones are C++'s templates and inline functions, which land in every library.
                guard info >> 4 == 1, isVisible, home != 0, home != 0xFFF1 else { continue }
                found.append(text(names + Int(load(at) as UInt32)))
            }
            return found
        }
    }
}

extension LoadLimits {
    /// The longest text of a file that is shown, in bytes.
    fileprivate static let helpBytes = 4096
}

/// A version of glibc, such as 2.36.
struct GlibcVersion: Comparable, CustomStringConvertible {
    let numbers: [Int]

    /// Reads `2.36` or `GLIBC_2.36`; nil if it is none.
    init?(_ text: String) {
        let digits = text.hasPrefix("GLIBC_") ? text.dropFirst("GLIBC_".count) : text[...]
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count >= 2, !parts.contains(nil) else { return nil }
        numbers = parts.compactMap { $0 }
    }

    static func < (left: GlibcVersion, right: GlibcVersion) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }

    var description: String { numbers.map(String.init).joined(separator: ".") }

    /// That of this machine.
    static let ofThisMachine: String = {
        var buffer = [CChar](repeating: 0, count: 64)
        let size = confstr(Int32(_CS_GNU_LIBC_VERSION), &buffer, buffer.count)
        let words = String(decoding: buffer.prefix(max(0, size - 1)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return words.split(separator: " ").last.map(String.init) ?? "2.0"
    }()
}
