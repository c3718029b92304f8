// Words as numbers: each distinct word of some texts once, found by a hash of its bytes.

/// A word of a text: its place in memory, which must outlive it, and a hash of its bytes.
struct Token {
    fileprivate let start: UnsafePointer<UInt8>
    fileprivate let count: Int
    fileprivate let hash: UInt64

    /// A word of at least one byte; nil for none.
    @inline(__always)
    init?(_ text: UTF8Bytes, _ place: Range<Int>, _ hashing: WordHash) {
        guard let base = text.baseAddress, !place.isEmpty else { return nil }
        start = base + place.lowerBound
        count = place.count
        hash = hashing.hash(start, place.count)
    }

    /// Whether the bytes are the same.
    @inline(__always)
    fileprivate func hasBytes(of other: Token) -> Bool {
        guard hash == other.hash, count == other.count else { return false }
        for offset in 0..<count where start[offset] != other.start[offset] { return false }
        return true
    }
}

/// How words are hashed: eight bytes a step, by one multiplication each.
struct WordHash {
    /// Drawn for each process, so that nobody can write a text whose words collide.
    private static let seed = UInt64.random(in: .min ... .max)

    private let seed = WordHash.seed

    /// The last step may read some bytes again.
    @inline(__always)
    func hash(_ start: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        let bytes = UnsafeRawPointer(start)
        var hash = UInt64(truncatingIfNeeded: count) ^ seed
        switch count {
        case 8...:
            var at = 0
            while at + 8 < count {
                hash = mixed(hash, bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                at += 8
            }
            return mixed(hash, bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
        case 4...:
            let low = UInt64(bytes.loadUnaligned(as: UInt32.self))
            let high = UInt64(bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
            return mixed(hash, low | high << 32)
        default:
            return mixed(hash, UInt64(start[0]) | UInt64(start[count / 2]) << 8 | UInt64(start[count - 1]) << 16)
        }
    }

    @inline(__always)
    private func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }
}

/// Numbers for words, from 1.
struct Vocabulary: ~Copyable {
    private let slots: UnsafeMutablePointer<Int32>
    private let mask: Int
    private let words: UnsafeMutablePointer<Token>
    private var count = 0

    /// An empty vocabulary with room for so many words, which the caller keeps to.
    init(room: Int) {
        let size = powerOfTwo(atLeast: 2 * room + 1)
        slots = .allocate(capacity: size)
        slots.initialize(repeating: 0, count: size)
        words = .allocate(capacity: room)
        mask = size - 1
    }

    deinit {
        slots.deallocate()
        words.deallocate()
    }

    /// The word's number, a new one if it wasn't there.
    mutating func number(of word: Token) -> Int32 {
        let (slot, found) = place(of: word)
        if found == 0 {
            (words + count).initialize(to: word)
            count += 1
            slots[slot] = Int32(truncatingIfNeeded: count)
        }
        return slots[slot]
    }

    /// The word's number; 0 if it isn't there.
    func find(_ word: Token) -> Int32 { place(of: word).number }

    @inline(__always)
    private func place(of word: Token) -> (slot: Int, number: Int32) {
        var slot = Int(truncatingIfNeeded: word.hash) & mask
        while slots[slot] != 0, !words[Int(slots[slot]) - 1].hasBytes(of: word) { slot = (slot + 1) & mask }
        return (slot, slots[slot])
    }
}

/// The least power of two that isn't below a count.
func powerOfTwo(atLeast count: Int) -> Int {
    count <= 1 ? 1 : 1 << (Int.bitWidth - (count - 1).leadingZeroBitCount)
}
