// Names of functions in a library's own table of symbols, for people who read of a crash. The library may have been made
// to keep its reader busy: one table of each kind is read, and no more of it than any library has.

/// The table of symbols of an ELF library whose segments were checked; offsets of sections are checked here.
struct ELFSymbols {
    private let bytes: UnsafeRawBufferPointer
    private var tables: [(symbols: Range<Int>, names: Range<Int>)] = []
    /// What other libraries may use of this one.
    private var exported: (symbols: Range<Int>, names: Range<Int>)?

    private struct Section {
        let type: UInt32
        let range: Range<Int>
        let link: Int
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        guard bytes.count >= 64 else { return }
        let start = Int(clamping: load(40) as UInt64)
        let (size, count): (UInt16, UInt16) = (load(58), load(60))
        guard size == 64, start <= bytes.count, Int(count) * 64 <= bytes.count - start else { return }
        let sections = (0..<Int(count))
            .map { index in
                let at = start + index * 64
                let (offset, length): (UInt64, UInt64) = (load(at + 24), load(at + 32))
                let link: UInt32 = load(at + 40)
                let isInside = offset <= UInt64(bytes.count) && length <= UInt64(bytes.count) - offset
                let lower = isInside ? Int(offset) : 0
                return Section(
                    type: load(at + 4),
                    range: lower..<(lower + (isInside ? Int(length) : 0)),
                    link: Int(link)
                )
            }
        // The whole table first, then that of the exported symbols, which a stripped library has left.
        for type in [UInt32(2), 11] {
            guard let section = sections.first(where: { $0.type == type && $0.link < sections.count }) else { continue }
            let symbols = section.range.prefix(LoadLimits.symbols * 24)
            tables.append((symbols, sections[section.link].range))
            if type == 11 { exported = tables.last }
        }
    }

    /// What an exported name is.
    enum Kind {
        case function
        case data
    }

    /// What the library exports under a name; nil if it exports nothing of that name.
    func kind(of name: String) -> Kind? {
        guard let (symbols, names) = exported else { return nil }
        for at in stride(from: symbols.lowerBound, to: symbols.upperBound - 23, by: 24) {
            let section: UInt16 = load(at + 6)
            guard section != 0, self.name(at: Int(load(at) as UInt32), names) == name else { continue }
            // A function, or one that the loader chooses among several for this processor.
            return [2, 10].contains(bytes[at + 4] & 0xF) ? .function : .data
        }
        return nil
    }

    /// The names of the functions that the library exports.
    var functions: [String] {
        guard let (symbols, names) = exported else { return [] }
        return stride(from: symbols.lowerBound, to: symbols.upperBound - 23, by: 24)
            .compactMap { at in
                let section: UInt16 = load(at + 6)
                guard section != 0, [2, 10].contains(bytes[at + 4] & 0xF) else { return nil }
                return name(at: Int(load(at) as UInt32), names)
            }
    }

    private func load<Number: FixedWidthInteger>(_ offset: Int) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    /// The functions at some places, relative to where the library begins; nil where there is none.
    func names(of places: [UInt64]) -> [String?] {
        places.map { place in
            for (symbols, names) in tables {
                for at in stride(from: symbols.lowerBound, to: symbols.upperBound - 23, by: 24) {
                    let (value, size): (UInt64, UInt64) = (load(at + 8), load(at + 16))
                    guard bytes[at + 4] & 0xF == 2, place >= value, place - value < max(size, 1) else { continue }
                    return name(at: Int(load(at) as UInt32), names)
                }
            }
            return nil
        }
    }

    private func name(at offset: Int, _ names: Range<Int>) -> String? {
        guard offset < names.count else { return nil }
        let text = bytes[(names.lowerBound + offset)..<names.upperBound].prefix(LoadLimits.symbolBytes)
            .prefix { $0 != 0 }
        let name = String(decoding: text, as: UTF8.self)
        return name.isEmpty ? nil : name
    }
}
