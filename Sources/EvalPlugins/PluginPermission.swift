// What a plugin may do beyond computing; the user's lock grants it, nothing else.

/// A permission, as `plugins.lock` spells it.
public enum PluginPermission: Sendable, Hashable, CustomStringConvertible {
    /// Sockets.
    case network
    /// Reading files at or below a path.
    case read(String)
    /// Writing files at or below a path.
    case write(String)
    /// Reading and writing a device.
    case device(String)
    /// As many threads for libraries that size a pool by themselves (OpenMP, BLAS).
    case threads(Int)
    /// As much private memory, in bytes, instead of 1 GiB.
    case memory(Int)

    /// The most that one library may ask for.
    static let maximum: UInt32 = 16

    /// Reads a permission: `network`, `read:PATH`, `write:PATH`, `device:PATH`, `threads:N`, `memory:SIZE`.
    ///
    /// - Returns: nil if it is none. Paths are absolute; a size is bytes, or ends in K, M or G.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let value = parts.count == 2 ? parts[1] : ""
        let isPath = value.hasPrefix("/") && !value.contains("\0")
        switch parts[0] {
        case "network" where parts.count == 1: self = .network
        case "read" where isPath: self = .read(value)
        case "write" where isPath: self = .write(value)
        case "device" where value.hasPrefix("/dev/"): self = .device(value)
        case "threads":
            guard let count = Int(value), (1...1024).contains(count) else { return nil }
            self = .threads(count)
        case "memory":
            guard let bytes = Self.bytes(value) else { return nil }
            self = .memory(bytes)
        default: return nil
        }
    }

    private static func bytes(_ text: String) -> Int? {
        let units: [Character: Int] = ["K": 10, "M": 20, "G": 30]
        let shift = text.last.flatMap { units[$0] } ?? 0
        let digits = shift > 0 ? text.dropLast() : text[...]
        guard let count = Int(digits), count > 0, count < 1 << 24 || shift == 0 else { return nil }
        let bytes = count << shift
        return bytes >= 1 << 20 ? bytes : nil
    }

    /// As the lock spells it.
    public var description: String {
        switch self {
        case .network: "network"
        case .read(let path): "read:\(path)"
        case .write(let path): "write:\(path)"
        case .device(let path): "device:\(path)"
        case .threads(let count): "threads:\(count)"
        case .memory(let bytes):
            [(30, "G"), (20, "M"), (10, "K")].first { bytes % (1 << $0.0) == 0 }
                .map { "memory:\(bytes >> $0.0)\($0.1)" } ?? "memory:\(bytes)"
        }
    }
}
