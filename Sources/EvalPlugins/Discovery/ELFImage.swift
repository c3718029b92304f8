// Looks into an ELF file without running it: is it a library for this machine, is all of it there, is it a plugin.
//
// Every offset comes from the file and is checked against its size before it is followed. The loader checks much less:
// it maps a truncated library and the process dies of SIGBUS when it touches what isn't there. Every count has a limit:
// segments may overlap, so the file's size bounds the work of none of them.

internal import CEvalHost

/// What the host reads in a library's file.
struct ELFImage {
    /// Why a file is no plugin for this machine.
    enum Problem: Error, Equatable {
        case notELF
        case wrongClass
        case wrongByteOrder
        case wrongMachine(UInt16)
        case objectFile
        case program
        case otherType(UInt16)
        case truncated(needed: UInt64, size: Int)
        case malformed(String)
        case noNote
        case otherABI(UInt32)
    }

    /// The names of the libraries that it needs.
    private(set) var needed: [String] = []

    private let bytes: UnsafeRawBufferPointer
    private var segments: [Segment] = []

    private struct Segment {
        let type: UInt32
        let offset: UInt64
        let address: UInt64
        let fileSize: UInt64
        var fileRange: Range<Int> { Int(offset)..<Int(offset + fileSize) }
    }

    /// `EM_X86_64` or `EM_AARCH64`.
    static var thisMachine: UInt16 {
        #if arch(x86_64)
        62
        #elseif arch(arm64)
        183
        #else
        0
        #endif
    }

    /// Reads an image.
    ///
    /// - Parameters:
    ///   - bytes: The whole file; needed during the call only.
    ///   - isPlugin: Whether it must be a plugin; else any library will do.
    /// - Throws: Why it isn't one for this machine.
    init(_ bytes: UnsafeRawBufferPointer, isPlugin: Bool = true) throws(Problem) {
        self.bytes = bytes
        try checkHeader()
        try readSegments()
        try checkIsLibrary(isPlugin: isPlugin)
        if isPlugin { try checkNote() }
        try readNeeded()
    }

    private func load<Number: FixedWidthInteger>(_ offset: Int) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    private func checkHeader() throws(Problem) {
        guard bytes.count >= 4, bytes.prefix(4).elementsEqual([0x7F, 0x45, 0x4C, 0x46]) else { throw .notELF }
        guard bytes.count >= 64 else { throw .truncated(needed: 64, size: bytes.count) }
        guard bytes[4] == 2 else { throw .wrongClass }
        guard bytes[5] == 1 else { throw .wrongByteOrder }
        let machine: UInt16 = load(18)
        guard machine == Self.thisMachine else { throw .wrongMachine(machine) }
        let type: UInt16 = load(16)
        switch type {
        case 3: break
        case 1: throw .objectFile
        case 2: throw .program
        default: throw .otherType(type)
        }
    }

    private mutating func readSegments() throws(Problem) {
        let start: UInt64 = load(32)
        let entrySize: UInt16 = load(54)
        let count: UInt16 = load(56)
        guard entrySize == 56, count > 0 else { throw .malformed("it has no program headers") }
        guard count <= LoadLimits.segments else { throw .malformed("it has \(count) program headers") }
        let (end, overflows) = start.addingReportingOverflow(UInt64(count) * 56)
        guard !overflows, end <= UInt64(bytes.count) else { throw .truncated(needed: end, size: bytes.count) }
        for index in 0..<Int(count) {
            let at = Int(start) + index * 56
            let segment = Segment(type: load(at), offset: load(at + 8), address: load(at + 16), fileSize: load(at + 32))
            let (end, overflows) = segment.offset.addingReportingOverflow(segment.fileSize)
            guard !overflows, end <= UInt64(bytes.count) else {
                throw .truncated(needed: overflows ? .max : end, size: bytes.count)
            }
            segments.append(segment)
        }
        guard segments.contains(where: { $0.type == 1 }) else { throw .malformed("it has nothing to load") }
    }

    /// A position-independent program is of a library's type, but asks for an interpreter; of the libraries, libc does too.
    private func checkIsLibrary(isPlugin: Bool) throws(Problem) {
        guard segments.contains(where: { $0.type == 3 }) else { return }
        // DT_FLAGS_1 with DF_1_PIE, by which the loader tells them apart.
        if isPlugin || dynamicEntries.contains(where: { $0.tag == 0x6FFF_FFFB && $0.value & 0x0800_0000 != 0 }) {
            throw .program
        }
    }

    /// The entries of the dynamic segment.
    private var dynamicEntries: [(tag: Int64, value: UInt64)] {
        guard let dynamic = segments.first(where: { $0.type == 2 }) else { return [] }
        var entries: [(tag: Int64, value: UInt64)] = []
        for at in stride(from: dynamic.fileRange.lowerBound, to: dynamic.fileRange.upperBound - 15, by: 16) {
            let tag: Int64 = load(at)
            if tag == 0 || entries.count >= LoadLimits.dynamicEntries { break }
            entries.append((tag, load(at + 8)))
        }
        return entries
    }

    /// Looks for the note `evalhost` with the ABI version.
    private func checkNote() throws(Problem) {
        var notes = 0
        for segment in segments where segment.type == 4 {
            var at = segment.fileRange.lowerBound
            let end = segment.fileRange.upperBound
            while at + 12 <= end {
                let nameSize: UInt32 = load(at)
                let size: UInt32 = load(at + 4)
                let type: UInt32 = load(at + 8)
                let name = at + 12
                let description = name + Self.padded(nameSize)
                let next = description + Self.padded(size)
                notes += 1
                guard next <= end, notes <= LoadLimits.notes else { break }
                let owner = Array("evalhost".utf8) + [0]
                if type == EVALHOST_NOTE_TYPE, size == 4, bytes[name..<(name + Int(nameSize))].elementsEqual(owner) {
                    let version: UInt32 = load(description)
                    guard Self.speaks(version) else { throw .otherABI(version) }
                    return
                }
                at = next
            }
        }
        throw .noNote
    }

    /// Whether a library of this ABI version can be used: from 1.0 on any that isn't newer in the same major version.
    static func speaks(_ version: UInt32) -> Bool {
        let isSameMajor = version >> 16 == EVALHOST_ABI_VERSION >> 16
        return version == EVALHOST_ABI_VERSION || (isSameMajor && version >> 16 > 0 && version < EVALHOST_ABI_VERSION)
    }

    private static func padded(_ size: UInt32) -> Int { (Int(size) + 3) & ~3 }

    /// Reads DT_NEEDED of the dynamic segment.
    private mutating func readNeeded() throws(Problem) {
        guard segments.contains(where: { $0.type == 2 }) else { throw .malformed("it isn't linked dynamically") }
        let entries = dynamicEntries
        let names = entries.filter { $0.tag == 1 }.map(\.value)
        guard names.count <= LoadLimits.neededLibraries else {
            throw .malformed("it needs more than \(LoadLimits.neededLibraries) libraries")
        }
        let table = entries.last { $0.tag == 5 }?.value
        guard let table, let start = fileOffset(of: table) else { throw .malformed("it has no table of strings") }
        needed = try names.map { name throws(Problem) in
            guard name < UInt64(bytes.count - start) else { throw .malformed("a string lies outside of the file") }
            let text = bytes[(start + Int(name))...].prefix(LoadLimits.libraryNameBytes + 1).prefix { $0 != 0 }
            guard text.count <= LoadLimits.libraryNameBytes else {
                throw .malformed(
                    "the name of a library that it needs is longer than \(LoadLimits.libraryNameBytes) bytes"
                )
            }
            return String(decoding: text, as: UTF8.self)
        }
    }

    private func fileOffset(of address: UInt64) -> Int? {
        for segment in segments where segment.type == 1 && address >= segment.address {
            let within = address - segment.address
            if within < segment.fileSize { return Int(segment.offset + within) }
        }
        return nil
    }
}
