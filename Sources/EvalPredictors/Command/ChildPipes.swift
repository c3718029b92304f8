// The three pipes of a process: our ends of them, what waits to be written, and what was read.
// The pipes are ours and not swift-subprocess's since standard output and standard error must be read in step: what a
// process wrote to standard error before an answer is in the log of that answer's row.

internal import Foundation
internal import SystemPackage

/// The ends of a process's pipes that it gets, for whoever starts it.
struct ChildEnds: Sendable {
    let input: Int32
    let output: Int32
    let error: Int32
}

/// Our ends of a process's pipes; they belong to the loop's thread, and -1 is one that is closed.
final class ChildPipes {
    /// How much is read at a time; a pipe holds as much.
    static let chunkBytes = 64 << 10

    private(set) var input: Int32
    private(set) var output: Int32
    private(set) var error: Int32
    var lines = LineBuffer()
    private(set) var log = ErrorLog()

    /// What is to be written; the part before `written` has been.
    private var outbox: [UInt8] = []
    private var written = 0
    /// How many bytes were put into the outbox, and how many of them were written, since the beginning.
    private var (enqueuedTotal, writtenTotal) = (0, 0)
    /// Requests that the process may not have read, with the total of bytes behind each.
    private var sent: [(ticket: CommandTicket, end: Int)] = []
    private var scratch: [UInt8] = []

    private init(input: Int32, output: Int32, error: Int32) {
        self.input = input
        self.output = output
        self.error = error
    }

    deinit {
        Self.shut(&input)
        Self.shut(&output)
        Self.shut(&error)
    }

    /// Makes the pipes, which processes that start meanwhile don't get.
    ///
    /// - Returns: Our ends and the process's; nil where the system has no more descriptors.
    static func make() -> (ours: ChildPipes, theirs: ChildEnds)? {
        var all: [Int32] = []
        for _ in 0..<3 {
            guard let ends = try? FileDescriptor.pipe(options: .closeOnExec) else {
                for descriptor in all { close(descriptor) }
                return nil
            }
            all += [ends.readEnd.rawValue, ends.writeEnd.rawValue]
        }
        let ours = ChildPipes(input: all[1], output: all[2], error: all[4])
        for descriptor in [ours.input, ours.output, ours.error] {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        return (ours, ChildEnds(input: all[0], output: all[3], error: all[5]))
    }

    private static func shut(_ descriptor: inout Int32) {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    // MARK: Writing

    var hasUnwritten: Bool { written < outbox.count }

    /// Puts a request's line behind those that wait.
    func enqueue(_ line: [UInt8], of ticket: CommandTicket) {
        outbox.append(contentsOf: line)
        enqueuedTotal += line.count
        if sent.count == Self.mostSent { sent.removeFirst(Self.mostSent / 2) }
        sent.append((ticket, enqueuedTotal))
    }

    /// Lines are longer than 64 bytes: a pipe doesn't hold so many of them.
    private static let mostSent = 2 * chunkBytes / 64

    /// Writes what the pipe takes.
    ///
    /// - Returns: Whether the process still reads.
    func flush() -> Bool {
        guard input >= 0 else { return false }
        while written < outbox.count {
            let count = outbox.withUnsafeBytes { write(input, $0.baseAddress.map { $0 + written }, $0.count - written) }
            if count < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN
            }
            written += count
            writtenTotal += count
        }
        outbox.removeAll(keepingCapacity: outbox.count <= 1 << 20)
        written = 0
        return true
    }

    /// The requests that the process has not read as a whole: they wait for the pipe, or are in it.
    var unreadTickets: [CommandTicket] {
        var inPipe: Int32 = 0
        if input < 0 || ioctl(input, UInt(FIONREAD), &inPipe) != 0 { inPipe = 0 }
        return sent.filter { $0.end > writtenTotal - Int(inPipe) }.map(\.ticket)
    }

    /// Lets the process see the end of its input, and drops what waits to be written.
    func closeInput() {
        Self.shut(&input)
        outbox = []
        written = 0
        sent = []
    }

    // MARK: Reading

    enum ReadResult { case some, nothingYet, ended }

    /// Reads a part of standard output.
    func readOutput() -> ReadResult {
        guard output >= 0 else { return .ended }
        return result(lines.fill(Self.chunkBytes) { [output] in read(output, $0.baseAddress, $0.count) })
    }

    /// Reads what is in the pipe of standard error: what was written before now.
    func readError() {
        guard error >= 0 else { return }
        if scratch.isEmpty { scratch = Array(repeating: 0, count: Self.chunkBytes) }
        // The pipe holds one chunk. More than two would be new, and a flood would never let go.
        for _ in 0..<2 {
            let count = scratch.withUnsafeMutableBytes { read(error, $0.baseAddress, $0.count) }
            switch result(count) {
            case .some: log.append(scratch[..<count])
            case .nothingYet: return
            case .ended: return Self.shut(&error)
            }
        }
    }

    func closeOutput() { Self.shut(&output) }

    private func result(_ count: Int) -> ReadResult {
        if count > 0 { return .some }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothingYet : .ended
    }
}
