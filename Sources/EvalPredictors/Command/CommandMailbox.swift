// What tasks tell the loop's thread, and how they wake it.

internal import EvalCore
internal import Synchronization
internal import SystemPackage

/// A request on its way to a process, with whoever waits for the answer.
struct CommandCall: Sendable {
    let ticket: CommandTicket
    let id: PublicID
    /// The request as a line, with its newline.
    let line: [UInt8]
    let continuation: CheckedContinuation<Prediction, any Error>
}

/// Messages for the loop's thread, in their order.
final class CommandMailbox: Sendable {
    enum Message: Sendable {
        case ask(CommandCall)
        case cancel(CommandTicket)
        case exited(Int, CommandEnding)
        case close
    }

    private struct State {
        var messages: [Message] = []
        var isAsleep = false
        var isClosed = false
        var closers: [CheckedContinuation<Void, Never>] = []
        var isGone = false
    }
    private let state = Mutex(State())
    /// It becomes readable when there are messages for a sleeping thread.
    let bell: FileDescriptor
    private let rope: FileDescriptor

    /// Makes a mailbox; nil where the system has no more descriptors.
    init?() {
        guard let ends = try? FileDescriptor.pipe(options: [.closeOnExec, .nonBlocking]) else { return nil }
        bell = ends.readEnd
        rope = ends.writeEnd
    }

    deinit {
        try? bell.close()
        try? rope.close()
    }

    /// Leaves a message.
    ///
    /// - Returns: Whether somebody will read it: not after `close`.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let (isTaken, wakes) = state.withLock { state in
            if state.isGone { return (false, false) }
            if case .ask = message, state.isClosed { return (false, false) }
            if case .close = message { state.isClosed = true }
            state.messages.append(message)
            defer { state.isAsleep = false }
            return (true, state.isAsleep)
        }
        if wakes { _ = try? rope.writeAll([1]) }
        return isTaken
    }

    /// Waits until the thread has ended.
    func closed() async {
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if !state.isGone { state.closers.append(continuation) }
                return state.isGone
            }
            if isGone { continuation.resume() }
        }
    }

    // MARK: The thread's side

    /// Takes all messages.
    func take() -> [Message] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// Declares the thread asleep; false if there are messages to read first.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isAsleep = state.messages.isEmpty
            return state.isAsleep
        }
    }

    /// Declares the thread awake.
    ///
    /// - Parameter isRinging: Whether the bell was found to be readable.
    func awake(isRinging: Bool) {
        state.withLock { $0.isAsleep = false }
        if isRinging { withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { _ = try? bell.read(into: $0) } }
    }

    /// Declares the thread ended.
    func leave() {
        let closers = state.withLock { state in
            state.isGone = true
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}
