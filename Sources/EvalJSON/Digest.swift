// SHA-256 as a value: the identity of rows, configurations, files and libraries.

internal import Crypto

/// A SHA-256 digest (FIPS 180-4).
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bytes as four words in big-endian order.
    private let words: SIMD4<UInt64>

    /// Hashes bytes.
    public init(of bytes: some Collection<UInt8>) {
        let digest = bytes.withContiguousStorageIfAvailable { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
        self.init(digest ?? SHA256.hash(data: Array(bytes)))
    }

    /// The keyed hash HMAC-SHA-256 (RFC 2104) of a message.
    public init(hmacOf message: [UInt8], key: [UInt8]) {
        let code = HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key))
        var words = SIMD4<UInt64>()
        for (position, byte) in code.enumerated() { words[position / 8] = words[position / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    /// Takes 32 bytes; nil if there are more or fewer.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for (position, byte) in bytes.enumerated() { words[position / 8] = words[position / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    /// Takes 32 bytes in memory; nil if there are more or fewer.
    public init?(bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 32 else { return nil }
        var words = SIMD4<UInt64>()
        for position in 0..<4 {
            let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: position * 8, as: UInt64.self)
            words[position] = UInt64(bigEndian: word)
        }
        self.words = words
    }

    fileprivate init(_ digest: SHA256Digest) {
        words = digest.withUnsafeBytes { bytes in
            SIMD4(
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
            )
        }
    }

    /// Gives the 32 bytes to `body`.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = (words[0].bigEndian, words[1].bigEndian, words[2].bigEndian, words[3].bigEndian)
        return try withUnsafeBytes(of: bytes) { raw throws(Failure) in try body(raw) }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { withBytes { Array($0) } }

    /// 64 lower-case hexadecimal digits.
    public var description: String {
        (0..<4)
            .map { position in
                let digits = String(words[position], radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }
            .joined()
    }
}

/// SHA-256 over bytes that come in pieces.
public struct DigestBuilder: Sendable {
    private var hash = SHA256()

    /// A digest of nothing yet.
    public init() {}

    /// Adds bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        hash.update(bufferPointer: bytes)
    }

    /// The digest of all that was added.
    public func finish() -> Digest { Digest(hash.finalize()) }
}
