// The table of exit statuses; nothing else in the program decides one.

internal import ArgumentParser
internal import EvalCore
internal import Foundation

/// How the program ends.
///
/// When several apply, the first in the order of ``precedence`` does.
enum ExitStatus: Int32, Error {
    case success = 0
    /// A threshold is missed.
    case thresholdMissed = 1
    /// The command, the suite or the data is wrong.
    case usage = 2
    /// There are more errors than allowed.
    case tooManyErrors = 3
    /// The store or an endpoint can't be used.
    case unavailable = 4
    /// The person or the system asked to stop.
    case interrupted = 130

    static let precedence: [ExitStatus] = [
        .interrupted, .unavailable, .usage, .tooManyErrors, .thresholdMissed, .success,
    ]

    init(_ category: Diagnostic.Category) {
        switch category {
        case .usage: self = .usage
        case .unavailable: self = .unavailable
        case .interrupted: self = .interrupted
        }
    }

    /// Ends the program with a status, or with ``unavailable`` if its results could not be written.
    ///
    /// That nobody reads them to the end is no failure: `head` wants no more.
    static func end(_ status: ExitStatus) -> Never {
        guard let error = Console.outputFailure, error != EPIPE else { leave(status) }
        let reason = String(cString: strerror(error))
        Console.error(Diagnostic("standard output can't be written: \(reason)", category: .unavailable))
        leave(unavailable)
    }

    /// Ends the process at once.
    ///
    /// `exit` would first destroy the static objects of C++ libraries, which other threads are still using: a row that is
    /// being parsed meanwhile ends in "pure virtual method called".
    private static func leave(_ status: ExitStatus) -> Never {
        fflush(nil)
        _exit(status.rawValue)
    }

    /// Ends the program if what it writes reaches nobody: a filter has nothing else to do.
    static func endUnlessRead() {
        if Console.outputFailure != nil { end(.success) }
    }

    /// Ends the program after an error, or after a demand for help.
    static func exit(after error: any Error) -> Never {
        switch error {
        case let status as ExitStatus:
            end(status)
        case let diagnostic as Diagnostic:
            Console.error(diagnostic)
            leave(ExitStatus(diagnostic.category))
        case let refusal as Refusal:
            Console.error(Diagnostic(refusal))
            leave(.usage)
        default:
            if EvalHostCommand.exitCode(for: error) == .success {
                Console.output(EvalHostCommand.fullMessage(for: error) + "\n")
                leave(.success)
            }
            Console.standardError(EvalHostCommand.fullMessage(for: error) + "\n")
            leave(.usage)
        }
    }
}
