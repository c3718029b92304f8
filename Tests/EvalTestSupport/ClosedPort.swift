// A port of loopback at which nobody answers, for as long as this is held.

public import EvalCore
internal import Foundation

/// A port that is bound and never listened on: connections to it are refused, and no other server is given it.
public struct ClosedPort: ~Copyable {
    /// The port's number.
    public let number: UInt16
    private let descriptor: Int32

    /// Takes a port that is free.
    ///
    /// - Throws: That there is none.
    public init() throws(Diagnostic) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        self.descriptor = descriptor
        number = UInt16(bigEndian: address.sin_port)
        guard isBound else { throw Diagnostic("no port of loopback can be bound") }
    }

    deinit { close(descriptor) }
}
