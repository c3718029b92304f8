// The words in which the pool of processes and the loop around it speak with each other.

internal import EvalCore

/// A call of `predict`.
typealias CommandTicket = UInt64

/// The pool's bounds.
struct CommandBounds {
    /// The most processes at a time.
    var processes: Int
    /// The most requests in one process.
    var inFlight: Int
    /// How long a process may have a request.
    var timeout: Duration
    /// After so many processes in a row that ended without an answer there is no further one.
    var deathsInARow = 5
    /// How long the third process in a row waits before it starts.
    var firstPause = Duration.milliseconds(100)
    /// What the pause grows to.
    var longestPause = Duration.seconds(5)
}

/// What the loop has to do.
enum CommandAction: Equatable {
    /// Start a process.
    case start(Int)
    /// Write a request to a process.
    case send(CommandTicket, to: Int)
    /// Bring a process to its end.
    case stop(Int, CommandStop)
    /// Tell who asked that there is no answer.
    case finish(CommandTicket, CommandFault)
    /// Tell people, once of each kind.
    case note(CommandNote)
}

/// How a process is brought to its end, with all processes of its group.
enum CommandStop: Sendable, Equatable {
    /// It seems to be ending: it gets a moment, then SIGTERM, and SIGKILL at last.
    case leave
    /// SIGTERM at once, and SIGKILL at last.
    case kill
    /// The run is over: the end of its input, some time, then SIGTERM, and SIGKILL at last.
    case close
}

/// How long processes get to end.
package struct CommandPatience: Sendable {
    /// One that seems to be ending, before SIGTERM.
    package var leave = Duration.seconds(1)
    /// One that was lost, from SIGTERM to SIGKILL.
    package var kill = Duration.seconds(2)
    /// At the end of the run, to SIGTERM and from there to SIGKILL.
    package var close = Duration.seconds(5)
}

/// How a process ended.
enum CommandEnding: Sendable, Equatable {
    case exited(Int32)
    case signalled(Int32)
    /// It never began, with the system's words for why.
    case notStarted(String)
}

/// Something that people should hear of, although no row failed by it.
enum CommandNote: Hashable {
    /// An answer with the identifier of no request that the process had.
    case unknownID
    /// An answer without an identifier when there was nothing to answer.
    case surplusAnswer
    /// A line that is no answer when there was nothing to answer.
    case nonsense
}

/// Whom an answer says that it is for.
enum AnswerID: Equatable {
    /// A request.
    case some(PublicID)
    /// Something that can't be a request's identifier.
    case unreadable
    /// Nobody: the oldest.
    case none
}

/// A request in the pool.
struct PooledRequest: Equatable {
    let ticket: CommandTicket
    let id: PublicID
    /// When its process must have answered.
    var deadline = Duration.zero
    /// Nobody waits for the answer any more.
    var isAbandoned = false
    /// It is asked alone, since it may have killed a process.
    var isSuspect = false
    /// How often a process ended by itself without answering it.
    var returns = 0

    /// The request after a process left it.
    var returned: PooledRequest {
        var copy = self
        copy.returns += 1
        return copy
    }
}

/// A process in the pool.
struct PooledChild {
    let number: Int
    /// The requests that it has, the oldest first.
    var asked: [PooledRequest] = []
    /// How many requests it has answered.
    var answers = 0
    /// It said something that nobody asked for: its answers need identifiers from then on.
    var isConfused = false
    /// It is asked one suspect at a time and nothing else.
    var isReserved = false
    /// It reads no more.
    var isDeaf = false
    /// It closed its output.
    var closedOutput = false
    /// What it says doesn't count any more.
    var isLost = false
    /// It was killed because it didn't answer.
    var wasHung = false
    /// How it was told to end.
    var stop: CommandStop?

    init(number: Int) { self.number = number }

    var takesRequests: Bool { stop == nil && !isDeaf && !closedOutput }

    /// Takes requests back.
    mutating func take(_ tickets: [CommandTicket]) -> [PooledRequest] {
        if tickets.isEmpty || asked.isEmpty { return [] }
        let taken = asked.filter { tickets.contains($0.ticket) }
        asked.removeAll { tickets.contains($0.ticket) }
        return taken
    }
}

/// Requests that wait, with both ends open.
struct RequestQueue {
    private var requests: [PooledRequest] = []
    private var head = 0

    var isEmpty: Bool { head == requests.count }
    var count: Int { requests.count - head }

    mutating func append(_ request: PooledRequest) { requests.append(request) }

    mutating func prepend(_ request: PooledRequest) {
        if head > 0 {
            head -= 1
            requests[head] = request
        } else {
            requests.insert(request, at: 0)
        }
    }

    mutating func popFirst() -> PooledRequest? {
        guard head < requests.count else { return nil }
        defer {
            head += 1
            if head == requests.count || head > 1024 {
                requests.removeFirst(head)
                head = 0
            }
        }
        return requests[head]
    }

    mutating func remove(_ ticket: CommandTicket) {
        guard let place = requests[head...].firstIndex(where: { $0.ticket == ticket }) else { return }
        requests.remove(at: place)
    }
}
