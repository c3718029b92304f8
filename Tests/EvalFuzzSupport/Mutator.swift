// Makes bytes that nobody would write from bytes that a worker would.

import EvalCore

/// Changes bytes at random, as a seed decides.
struct Mutator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func below(_ bound: Int) -> Int { bound > 0 ? Int(random.next() % UInt64(bound)) : 0 }

    mutating func coin() -> Bool { random.next() >> 63 == 0 }

    /// What lengths, counts and offsets are likeliest to be misread at.
    private static let extremes: [UInt64] = [
        0, 1, 2, 3, 4, 7, 8, 16, 23, 24, 31, 32, 63, 64, 65, 127, 128, 255, 256, 257, 4095, 4096, 4097, 65535, 65536,
        65537,
        1 << 20, (1 << 20) + 1, 4 << 20, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF8, 0xFFFF_FFFE, 0xFFFF_FFFF, 1 << 32,
        1 << 62,
        0x7FF0_0000_0000_0000, 0x7FF8_0000_0000_0000, 0x7FFF_FFFF_FFFF_FFF8, 0x7FFF_FFFF_FFFF_FFFF,
        0x8000_0000_0000_0000, 0xFFF0_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFF8, 0xFFFF_FFFF_FFFF_FFFF,
    ]

    /// Changes bytes once to four times.
    mutating func mutate(_ bytes: inout [UInt8], with other: [UInt8]) {
        for _ in 0...below(4) { mutateOnce(&bytes, with: other) }
    }

    private mutating func mutateOnce(_ bytes: inout [UInt8], with other: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes = other
            return
        }
        switch below(14) {
        case 0, 1: bytes[below(bytes.count)] ^= 1 << UInt8(below(8))
        case 2: bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
        case 3, 4: put(Self.extremes[below(Self.extremes.count)], 4, &bytes)
        case 5: put(Self.extremes[below(Self.extremes.count)], 8, &bytes)
        case 6: put(UInt64(truncatingIfNeeded: bytes.count - below(64)), coin() ? 4 : 8, &bytes)
        case 7: nudge(&bytes)
        case 8: bytes.removeLast(below(bytes.count))
        case 9: bytes.removeSubrange(range(bytes.count))
        case 10: bytes.insert(contentsOf: bytes[range(bytes.count)], at: below(bytes.count))
        case 11: bytes.insert(contentsOf: other[range(other.count)], at: below(bytes.count))
        case 12:
            let (from, to) = (range(bytes.count), below(bytes.count))
            for (offset, byte) in Array(bytes[from]).enumerated() where to + offset < bytes.count {
                bytes[to + offset] = byte
            }
        default: bytes = Array(bytes[..<below(bytes.count)] + other[below(other.count)...])
        }
    }

    /// A stretch, mostly short; half of them begin and end at words.
    private mutating func range(_ count: Int) -> Range<Int> {
        var lower = below(count)
        var length = below(min(count - lower, coin() ? 16 : 512) + 1)
        if coin() {
            lower &= ~7
            length = min(count - lower, (length + 7) & ~7)
        }
        return lower..<(lower + length)
    }

    /// A number over a word; words stand at multiples of 4 or 8 but for those of descriptions.
    private mutating func put(_ number: UInt64, _ size: Int, _ bytes: inout [UInt8]) {
        let at = coin() ? below(bytes.count) & ~(size - 1) : below(bytes.count)
        for index in 0..<size where at + index < bytes.count {
            bytes[at + index] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))
        }
    }

    /// A word a little larger or smaller.
    private mutating func nudge(_ bytes: inout [UInt8]) {
        let at = below(bytes.count) & ~3
        let delta = UInt8(truncatingIfNeeded: below(17) - 8)
        bytes[at] &+= delta
    }
}
