// The runs of words that a text shares with reference texts: what BLEU, ROUGE-N and the F1 of words count.

/// How many n-grams of a text are also in the references, for n from 1.
struct SharedNGrams {
    /// By n - 1: how many, each as often as in the text and in the reference that has it most often.
    private(set) var shared: [Int]

    /// Counts.
    init(_ text: [Token], references: [[Token]], orders: Int) {
        shared = Array(repeating: 0, count: orders)
        let room = references.reduce(0) { $0 + $1.count }
        var vocabulary = Vocabulary(room: room)
        var table = NGramTable(room: room * orders, references: references.count)
        for reference in references {
            let numbers = reference.map { vocabulary.number(of: $0) }
            for place in numbers.indices {
                var ngram = NGramTable.empty
                for end in place..<min(place + orders, numbers.count) { ngram = table.add(numbers[end], after: ngram) }
            }
            table.finishReference()
        }
        let numbers = text.map { vocabulary.find($0) }
        for place in numbers.indices {
            var ngram = NGramTable.empty
            for end in place..<min(place + orders, numbers.count) {
                // Where a run isn't in a reference, no longer one is.
                guard let longer = table.find(numbers[end], after: ngram) else { break }
                ngram = longer
                if table.take(ngram) { shared[end - place] += 1 }
            }
        }
    }
}

/// N-grams of numbered words with how often they are there: each is the n-gram without its last word, and that word.
private struct NGramTable: ~Copyable {
    /// The n-gram of no words.
    static let empty = Int32.max

    private let keys: UnsafeMutablePointer<UInt64>
    /// How often the n-gram is in the reference that has it most often.
    private let most: UnsafeMutablePointer<Int32>
    /// How often it is in the reference that is being read; that of a single one is `most`.
    private let current: UnsafeMutablePointer<Int32>
    private let isSingle: Bool
    private let shift: UInt64
    private let mask: Int
    private var touched: [Int32] = []

    init(room: Int, references: Int) {
        let size = powerOfTwo(atLeast: 2 * room + 2)
        keys = .allocate(capacity: size)
        keys.initialize(repeating: 0, count: size)
        most = .allocate(capacity: size)
        most.initialize(repeating: 0, count: size)
        isSingle = references == 1
        if isSingle {
            current = most
        } else {
            current = .allocate(capacity: size)
            current.initialize(repeating: 0, count: size)
        }
        mask = size - 1
        shift = UInt64(64 - size.trailingZeroBitCount)
    }

    deinit {
        keys.deallocate()
        most.deallocate()
        if !isSingle { current.deallocate() }
    }

    /// Adds one occurrence of an n-gram in the reference that is being read.
    ///
    /// - Returns: The n-gram: its place in the table.
    @inline(__always)
    mutating func add(_ word: Int32, after prefix: Int32) -> Int32 {
        let key = Self.key(word, prefix)
        let slot = place(of: key)
        keys[slot] = key
        current[slot] &+= 1
        if !isSingle { touched.append(Int32(truncatingIfNeeded: slot)) }
        return Int32(truncatingIfNeeded: slot)
    }

    /// Ends a reference.
    mutating func finishReference() {
        for slot in touched.lazy.map({ Int($0) }) {
            most[slot] = max(most[slot], current[slot])
            current[slot] = 0
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// The n-gram, if it is in a reference.
    @inline(__always)
    func find(_ word: Int32, after prefix: Int32) -> Int32? {
        if word == 0 { return nil }
        let key = Self.key(word, prefix)
        let slot = place(of: key)
        return keys[slot] == key ? Int32(truncatingIfNeeded: slot) : nil
    }

    /// Takes one occurrence of an n-gram away; false if none is left.
    @inline(__always)
    func take(_ ngram: Int32) -> Bool {
        let slot = Int(ngram)
        guard most[slot] > 0 else { return false }
        most[slot] &-= 1
        return true
    }

    /// Never 0, since words are numbered from 1.
    @inline(__always)
    private static func key(_ word: Int32, _ prefix: Int32) -> UInt64 {
        UInt64(truncatingIfNeeded: prefix) << 32 | UInt64(truncatingIfNeeded: word)
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        // The high bits of a product depend on all bits of the key.
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }
}
