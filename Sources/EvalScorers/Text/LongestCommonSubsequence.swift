// The length of the longest common subsequence of two texts' words, 64 places of a row at once (Hyyrö 2004,
// "Bit-parallel LCS-length computation revisited"). A million words against as many are 16 thousand million steps:
// the caller sets the limit.

/// The length of the longest common subsequence of words.
///
/// Time is the product of the counts by 64, memory is linear.
func longestCommonSubsequence(_ first: [Token], _ second: [Token]) -> Int {
    var vocabulary = Vocabulary(room: first.count)
    let numbers = first.map { vocabulary.number(of: $0) }
    // The places of each word, as lists through one array; from the last to the first.
    var last = [Int32](repeating: -1, count: first.count + 1)
    var earlier = [Int32](repeating: -1, count: first.count)
    for (place, number) in numbers.enumerated() {
        earlier[place] = last[Int(number)]
        last[Int(number)] = Int32(truncatingIfNeeded: place)
    }
    // A bit is 0 where the subsequence's length grows.
    var row = [UInt64](repeating: .max, count: (first.count + 63) / 64)
    var matches = [UInt64](repeating: 0, count: row.count)
    for word in second {
        let number = Int(vocabulary.find(word))
        if number == 0 { continue }
        var place = Int(last[number])
        while place >= 0 {
            matches[place / 64] |= 1 << UInt64(place % 64)
            place = Int(earlier[place])
        }
        var carry: UInt64 = 0
        for block in row.indices {
            let same = row[block] & matches[block]
            let (partial, overflowed) = row[block].addingReportingOverflow(same)
            let (sum, carried) = partial.addingReportingOverflow(carry)
            row[block] = sum | (row[block] & ~matches[block])
            carry = overflowed || carried ? 1 : 0
            matches[block] = 0
        }
    }
    // Bits beyond the last word stay 1.
    return row.reduce(0) { $0 + (~$1).nonzeroBitCount }
}
