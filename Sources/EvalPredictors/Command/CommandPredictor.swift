// `--predict-command`: the application is a program that reads requests and writes answers, a JSON object a line.

public import EvalCore
internal import EvalJSON
internal import Foundation
internal import Synchronization

/// Asks a command, which is started as several processes.
///
/// A process gets a line `{"id", "inputs", "traceparent", "session_id"?, "history"?}` for each request and writes a line
/// `{"id", "outputs"}` or `{"id", "error": {"code", "message", "retryable"}}` for each answer, in any order; an answer may
/// have `trace` and `usage` too. One without `id` answers the oldest request of the process. Standard error is the
/// rows' log: with several rows in a process each gets what was written while it was there.
///
/// Processes start with the first request. One that dies, hangs or talks nonsense costs its rows and is replaced; one
/// whose request was cancelled finishes it within its time.
public final class CommandPredictor: Predictor {
    /// How a command is run.
    public struct Options: Sendable {
        /// The most processes at a time, at least 1.
        public var processes: Int
        /// The most requests that a process has at a time, at least 1; it pays if the command answers several at once.
        public var inFlight: Int
        /// How long a process may have a request, its own start included.
        ///
        /// A request that waits for a process spends nothing of it.
        public var timeout: Duration
        /// The environment; nil is this program's.
        public var environment: [String: String]?
        /// Told once of each thing about the command that a person should know; called on a thread of the predictor's.
        public var warn: @Sendable (String) -> Void
        /// The longest line that the command may print, in bytes.
        package var lineBytes = Limits.rowBytes
        /// How long processes get to end.
        package var patience = CommandPatience()

        /// Makes options.
        ///
        /// - Parameters:
        ///   - processes: The most processes at a time.
        ///   - inFlight: The most requests that a process has at a time.
        ///   - timeout: How long a process may have a request.
        ///   - environment: The environment; nil is this program's.
        ///   - warn: Told once of each thing that a person should know.
        public init(
            processes: Int = Options.defaultProcesses(concurrency: 64),
            inFlight: Int = 1,
            timeout: Duration = Limits.attempt,
            environment: [String: String]? = nil,
            warn: @escaping @Sendable (String) -> Void = { _ in }
        ) {
            self.processes = processes
            self.inFlight = inFlight
            self.timeout = timeout
            self.environment = environment
            self.warn = warn
        }

        /// As many processes as there are requests at a time, but not more than processors.
        public static func defaultProcesses(concurrency: Int) -> Int {
            max(1, min(concurrency, ProcessInfo.processInfo.activeProcessorCount))
        }
    }

    private let command: String
    private let options: Options
    /// Where the loop's thread is told what to do; nil before the first request.
    private let mailbox = Mutex(Start.notYet)
    private let tickets = Atomic<CommandTicket>(0)

    private enum Start {
        case notYet
        case running(CommandMailbox)
        case closed
    }

    /// Takes a command for `/bin/sh -c`; nothing is started yet.
    ///
    /// - Throws: What is wrong with the options.
    public init(command: String, options: Options = Options()) throws(Diagnostic) {
        guard command.contains(where: { !$0.isWhitespace }) else { throw Diagnostic("the predict command is empty") }
        guard !command.utf8.contains(0) else { throw Diagnostic("the predict command has a NUL character") }
        guard options.processes >= 1 else { throw Diagnostic("the predict command needs at least 1 process") }
        guard options.inFlight >= 1 else { throw Diagnostic("the predict command needs at least 1 row in flight") }
        guard options.timeout > .zero else { throw Diagnostic("the timeout must be above 0") }
        self.command = command
        self.options = options
    }

    deinit {
        if case .running(let mailbox) = mailbox.withLock({ $0 }) { mailbox.post(.close) }
    }

    /// Asks a process.
    ///
    /// - Throws: A ``PredictFailure``, or `CancellationError` when the task is cancelled.
    public func predict(_ request: PredictRequest) async throws -> Prediction {
        guard let mailbox = start() else { throw CommandFault.closed.failure(log: nil) }
        var writer = JSONWriter()
        writer.write(request.json)
        writer.raw("\n")
        let ticket = tickets.add(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let call = CommandCall(
                    ticket: ticket,
                    id: request.id,
                    line: writer.bytes,
                    continuation: continuation
                )
                if !mailbox.post(.ask(call)) {
                    continuation.resume(throwing: CommandFault.closed.failure(log: nil))
                } else if Task.isCancelled {
                    // The handler below may have come before the request.
                    mailbox.post(.cancel(ticket))
                }
            }
        } onCancel: {
            mailbox.post(.cancel(ticket))
        }
    }

    /// Ends the processes: they see the end of their input, SIGTERM five seconds later and SIGKILL after five more.
    ///
    /// When it returns no process of a group of theirs is left.
    public func close() async {
        let running = mailbox.withLock { start in
            defer { start = .closed }
            return start
        }
        guard case .running(let mailbox) = running else { return }
        mailbox.post(.close)
        await mailbox.closed()
    }

    /// Whether there was no request yet.
    package var isIdle: Bool {
        mailbox.withLock { start in
            if case .notYet = start { true } else { false }
        }
    }

    /// The mailbox of the loop, which is started by the first request; nil after the end.
    private func start() -> CommandMailbox? {
        let mailbox = mailbox.withLock { start -> CommandMailbox? in
            switch start {
            case .closed: return nil
            case .running(let mailbox): return mailbox
            case .notYet:
                guard let mailbox = CommandMailbox() else { return nil }
                start = .running(mailbox)
                run(mailbox)
                return mailbox
            }
        }
        return mailbox
    }

    private func run(_ mailbox: CommandMailbox) {
        // A process that reads no more is an error of a write, not our end.
        signal(SIGPIPE, SIG_IGN)
        let life = ChildLife(command: command, environment: options.environment, patience: options.patience)
        let bounds = CommandBounds(
            processes: options.processes,
            inFlight: options.inFlight,
            timeout: options.timeout
        )
        let thread = Thread { [options] in
            let loop = CommandLoop(
                mailbox: mailbox,
                life: life,
                bounds: bounds,
                lineBytes: options.lineBytes,
                warn: options.warn
            )
            loop.run()
        }
        thread.name = "evalhost-command"
        thread.start()
    }
}
