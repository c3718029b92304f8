// The two streams: results go to standard output, everything else to standard error.

internal import EvalCore
internal import Foundation
internal import Synchronization

/// The person's terminal.
enum Console {
    private static let failure = Mutex<Int32?>(nil)

    /// Why standard output took no more, as `errno` has it; what came after that is dropped.
    static var outputFailure: Int32? { failure.withLock { $0 } }

    /// Writes results.
    static func output(_ text: String) { output(Array(text.utf8)) }

    /// Writes results.
    static func output(_ bytes: [UInt8]) {
        guard outputFailure == nil, let error = write(bytes, to: STDOUT_FILENO) else { return }
        failure.withLock { $0 = error }
    }

    /// Writes whatever is not a result.
    static func standardError(_ text: String) { _ = write(Array(text.utf8), to: STDERR_FILENO) }

    /// Tells what went wrong.
    static func error(_ diagnostic: Diagnostic) {
        let label = colors(STDERR_FILENO) ? "\u{1B}[1;31merror:\u{1B}[0m" : "error:"
        standardError("\(label) \(diagnostic)\n")
    }

    /// Tells what is odd but no obstacle.
    static func warning(_ text: String) { standardError("warning: \(text)\n") }

    /// Whether a stream is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether a stream shows colours; `NO_COLOR` and `--no-color` say no.
    static func colors(_ descriptor: Int32) -> Bool {
        isTerminal(descriptor) && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
            && !CommandLine.arguments.contains("--no-color")
    }

    /// The terminal's width in columns.
    static func width(_ descriptor: Int32) -> Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes all bytes, or says why not.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            let error = errno
            if written < 0, error == EINTR || error == EAGAIN { continue }
            if written <= 0 { return error }
            rest = rest.dropFirst(written)
        }
        return nil
    }
}
