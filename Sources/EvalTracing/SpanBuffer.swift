// Spans that ended and wait to be sent: a value that decides, without clocks and sockets.

internal import EvalCore
internal import EvalJSON
internal import EvalWire

/// Spans that wait, of which there are only so many.
struct SpanBuffer {
    /// Spans that are sent together.
    let batch: Int
    /// Spans that wait at most; what comes on top is dropped.
    let capacity: Int
    private var waiting: [(trace: PublicID, span: Span)] = []
    /// How many spans were dropped so far.
    private(set) var dropped = 0

    init(batch: Int, capacity: Int) {
        self.batch = max(1, batch)
        self.capacity = max(batch, capacity)
    }

    /// How many spans wait.
    var count: Int { waiting.count }

    /// Adds a span; whether a whole batch waits now.
    mutating func add(_ span: Span, of trace: PublicID) -> Bool {
        guard waiting.count < capacity else {
            dropped += 1
            return true
        }
        waiting.append((trace, span))
        return waiting.count >= batch
    }

    /// Takes the spans that go next; none where none wait.
    mutating func take() -> [(trace: PublicID, span: Span)] {
        let next = Array(waiting.prefix(batch))
        waiting.removeFirst(next.count)
        return next
    }

    /// Puts spans that weren't taken back to the front, as far as there is room.
    mutating func putBack(_ spans: [(trace: PublicID, span: Span)]) {
        let kept = spans.prefix(capacity - waiting.count)
        dropped += spans.count - kept.count
        waiting.insert(contentsOf: kept, at: 0)
    }

    /// Counts spans that nobody will take.
    mutating func drop(_ count: Int) { dropped += count }

    /// A request with spans of any traces.
    static func request(_ spans: [(trace: PublicID, span: Span)], resource: JSON?) -> [UInt8] {
        var groups: [(trace: PublicID, spans: [Span])] = []
        for (trace, span) in spans {
            if let place = groups.lastIndex(where: { $0.trace == trace }) {
                groups[place].spans.append(span)
            } else {
                groups.append((trace, [span]))
            }
        }
        // Messages that follow one another are one message with all of their lists.
        return groups.flatMap { OTLPTraces.encode(spans: $0.spans, traceID: $0.trace, resource: resource) }
    }
}
