// Why the command has no answer for a row, in words for people. No text of a row is in them.

internal import EvalCore

/// How a process ended, and what it had done before.
struct CommandDeath: Equatable {
    /// A standard stream that it had closed although it went on, so that it was ended.
    enum Stream: String {
        case input, output
    }

    let ending: CommandEnding
    let closed: Stream?

    init(_ ending: CommandEnding, closed: Stream? = nil) {
        self.ending = ending
        self.closed = closed
    }

    /// Streams close with every death; they are the reason only where signals of ours had to end the process.
    init(_ ending: CommandEnding, of child: PooledChild) {
        let wasOurs = child.stop == .leave && (ending == .signalled(15) || ending == .signalled(9))
        self.init(ending, closed: wasOurs ? (child.closedOutput ? .output : .input) : nil)
    }

    /// A clause such as "ended with exit status 3".
    var words: String {
        if let closed { return "closed its standard \(closed.rawValue)" }
        switch ending {
        case .exited(127): return "ended with exit status 127 (is it installed?)"
        case .exited(let status):
            // How shells say that a program of theirs was killed.
            return "ended with exit status \(status)" + (Self.names[status - 128].map { " (\($0))" } ?? "")
        case .signalled(let signal):
            return "was killed by signal \(signal)" + (Self.names[signal].map { " (\($0))" } ?? "")
        case .notStarted(let reason): return "could not be started: \(reason)"
        }
    }

    private static let names: [Int32: String] = [
        1: "SIGHUP", 2: "SIGINT", 4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV",
        13: "SIGPIPE", 15: "SIGTERM", 24: "SIGXCPU", 31: "SIGSYS",
    ]
}

/// Why a request has no answer.
indirect enum CommandFault: Equatable {
    /// The line in the place of its answer is none.
    case nonsense
    /// The line in the place of its answer doesn't end.
    case endlessLine
    /// Its time was over; the oldest such request of a process surely had all of it.
    case noAnswer(Duration, isOldest: Bool)
    /// Its process ended while it was the only request.
    case died(CommandDeath)
    /// Its process was lost through a request that may have been another one.
    case neighbour(CommandFault)
    /// Answers without identifiers that may be anybody's.
    case unattributable
    /// Processes ended again and again.
    case givenUp(deaths: Int, CommandDeath)
    /// The predictor was closed.
    case closed

    /// Whether another attempt may help.
    var isRetryable: Bool {
        switch self {
        case .neighbour, .unattributable: true
        case .noAnswer(_, let isOldest): !isOldest
        case .nonsense, .endlessLine, .died, .givenUp, .closed: false
        }
    }

    /// What happened.
    var message: String {
        switch self {
        case .nonsense: "the command printed a line that is not a JSON object"
        case .endlessLine: "the command printed a line longer than \(Limits.rowBytes >> 20) MiB"
        case .noAnswer(let timeout, _): "no answer within \(timeout)"
        case .died(let death): "the command \(death.words) before it answered"
        case .neighbour(.died(let death)): "the command \(death.words) while it had several rows"
        case .neighbour(let fault): "the command was stopped because of another row: \(fault.message)"
        case .unattributable:
            "the command printed more lines than it was asked for, and answers without 'id': whose they are is unknown"
        case .givenUp(let deaths, let death):
            "the command is not started again: \(deaths) times in a row it ended without an answer, and at last it "
                + death.words
        case .closed: "the command was closed"
        }
    }

    /// The failure for the loop, with what the command wrote to its standard error.
    func failure(log: String?) -> PredictFailure {
        PredictFailure(message, isRetryable: isRetryable, log: log)
    }
}

extension CommandNote {
    /// The warning.
    var message: String {
        switch self {
        case .unknownID:
            "the command answered with an 'id' that it was not asked, or twice; such answers are ignored"
        case .surplusAnswer:
            "the command printed an answer when it was not asked; such answers are ignored"
        case .nonsense:
            "the command printed a line that is no answer; what it wants to log belongs on standard error"
        }
    }
}
