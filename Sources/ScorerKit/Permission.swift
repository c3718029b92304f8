// What a library needs beyond computing.

import CEvalHost

/// A permission that a library asks for, and why.
///
/// Asking grants nothing: `evalhost plugin trust` shows what a library asks for, and only the user's `plugins.lock` grants
/// it. Without the grant the scorers run all the same, and what the sandbox forbids fails.
public struct Permission: Sendable {
    private let spelling: String
    private let reason: String

    private init(_ spelling: String, _ reason: String) {
        self.spelling = spelling
        self.reason = reason
    }

    /// Sockets.
    ///
    /// - Parameter reason: Why, in one line for the user: "fetches word vectors".
    /// - Returns: The request.
    public static func network(_ reason: String) -> Permission { Permission("network", reason) }

    /// Reading a file, or all that lies below a folder.
    ///
    /// - Parameters:
    ///   - path: An absolute path.
    ///   - reason: Why, in one line for the user.
    /// - Returns: The request.
    public static func read(_ path: String, _ reason: String) -> Permission { Permission("read:\(path)", reason) }

    /// Writing a file, or below a folder.
    ///
    /// - Parameters:
    ///   - path: An absolute path.
    ///   - reason: Why, in one line for the user.
    /// - Returns: The request.
    public static func write(_ path: String, _ reason: String) -> Permission { Permission("write:\(path)", reason) }

    /// A device, such as a graphics card.
    ///
    /// - Parameters:
    ///   - path: Its path below `/dev`.
    ///   - reason: Why, in one line for the user.
    /// - Returns: The request.
    public static func device(_ path: String, _ reason: String) -> Permission { Permission("device:\(path)", reason) }

    /// Threads of a library that makes a pool by itself.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - reason: Why, in one line for the user.
    /// - Returns: The request.
    public static func threads(_ count: Int, _ reason: String) -> Permission { Permission("threads:\(count)", reason) }

    /// More memory than a worker has otherwise.
    ///
    /// - Parameters:
    ///   - mebibytes: How much, in units of 2^20 bytes.
    ///   - reason: Why, in one line for the user.
    /// - Returns: The request.
    public static func memory(mebibytes: Int, _ reason: String) -> Permission {
        Permission("memory:\(mebibytes)M", reason)
    }

    var described: evalhost_permission {
        var permission = unsafe evalhost_permission()
        unsafe permission.permission = immortal(spelling)
        unsafe permission.reason = immortal(reason)
        return unsafe permission
    }
}
