// Random numbers that a seed decides, so that a report of the same rows says the same.

/// SplitMix64: small, quick, and the same everywhere.
///
/// Its authors are G. L. Steele, D. Lea and C. H. Flood (2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Begins a sequence.
    public init(seed: UInt64) { state = seed }

    /// Begins a sequence of its own for something that has a name.
    public init(seed: UInt64, for name: String) {
        // FNV-1a: any spreading of the names' bytes does.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        state = seed ^ hash
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number above 0 and below 1.
    mutating func open() -> Double { (Double(next() >> 11) + 0.5) * 0x1p-53 }
}
