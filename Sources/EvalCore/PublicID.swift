// Public identifiers: 128 bits, the high ones the time, so that what is made later sorts and is stored later.

internal import Foundation
internal import Synchronization

/// A 128-bit identifier that sorts by the time when it was made.
public struct PublicID: Sendable, Hashable, Comparable {
    /// The bits: milliseconds since 1970 in the highest 48, then a counter and random bits.
    public let bits: UInt128

    /// Takes the bits.
    public init(bits: UInt128) { self.bits = bits }

    /// A new identifier, above every one that this process made before.
    public static func make() -> PublicID { generator.next() }

    /// Reads 32 hexadecimal digits.
    public init?(hexadecimal: String) {
        // A sign is a digit to the standard library, and to nobody else.
        guard hexadecimal.utf8.count == 32, let first = hexadecimal.utf8.first, first >= UInt8(ascii: "0"),
            let bits = UInt128(hexadecimal, radix: 16)
        else { return nil }
        self.bits = bits
    }

    /// Takes 16 bytes in big-endian order.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        bits = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// Takes 16 bytes in memory, in big-endian order.
    public init?(bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 16 else { return nil }
        bits = UInt128(bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(as: UInt128.self))
    }

    /// 32 lower-case hexadecimal digits.
    public var hexadecimal: String {
        var digits = [UInt8](repeating: 0, count: 32)
        for (half, start) in [(UInt64(truncatingIfNeeded: bits >> 64), 0), (UInt64(truncatingIfNeeded: bits), 16)] {
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * place)) & 15
                digits[start + place] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The identifier of a trace, `tr-` and 32 digits.
    public var traceID: String { "tr-" + hexadecimal }

    /// Whether `left` was made before `right`.
    public static func < (left: PublicID, right: PublicID) -> Bool { left.bits < right.bits }

    private static let generator = Generator()

    private final class Generator: Sendable {
        private struct State {
            var high: UInt64 = 0
            var random = UInt64.random(in: .min ... .max)
        }
        private let state = Mutex(State())

        func next() -> PublicID {
            let milliseconds = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
            return state.withLock { state in
                // A clock that jumps back doesn't take the order with it.
                state.high = max(milliseconds << 16, state.high &+ 1)
                // SplitMix64 (Steele, Lea and Flood, 2014), seeded by the system: unique, not secret.
                state.random &+= 0x9E37_79B9_7F4A_7C15
                var z = state.random
                z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
                z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
                return PublicID(bits: UInt128(state.high) << 64 | UInt128(z ^ (z >> 31)))
            }
        }
    }
}

extension PublicID: CustomStringConvertible {
    /// 32 lower-case hexadecimal digits.
    public var description: String { hexadecimal }
}
