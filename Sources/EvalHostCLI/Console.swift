// The two streams: results go to standard output, everything else to standard error.

internal import EvalCore
internal import Foundation

/// The person's terminal.
enum Console {
    /// Writes results.
    static func output(_ text: String) { write(Array(text.utf8), to: STDOUT_FILENO) }

    /// Writes results.
    static func output(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes whatever is not a result.
    static func standardError(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }

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

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR || errno == EAGAIN { continue }
            // Nobody reads any more: that is theirs to decide.
            if written <= 0 { return }
            rest = rest.dropFirst(written)
        }
    }
}
