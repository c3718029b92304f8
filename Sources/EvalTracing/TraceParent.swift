// Which span a piece of work belongs to, and how that travels between processes: W3C's `traceparent`.

internal import EvalCore
internal import Tracing

/// A span's place: its trace and its number.
struct TraceParent: Sendable, Equatable {
    var traceID: PublicID
    var spanID: UInt64
    /// Whether the span is recorded.
    var isSampled = true

    /// The header's name.
    static let header = "traceparent"

    /// The header's value.
    var text: String { "00-\(traceID.hexadecimal)-\(Self.hexadecimal(spanID))-\(isSampled ? "01" : "00")" }

    init(traceID: PublicID, spanID: UInt64, isSampled: Bool = true) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Reads a header; nil for one that is malformed, or whose identifiers are all zeros.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // Later versions may have more parts.
        guard parts.count >= 4, parts[0].utf8.count == 2, parts[0] != "ff", parts[0] != "00" || parts.count == 4,
            parts.prefix(4).allSatisfy({ $0.utf8.allSatisfy(Self.isDigit) }), parts[2].utf8.count == 16,
            parts[3].utf8.count == 2, let traceID = PublicID(hexadecimal: String(parts[1])),
            let spanID = UInt64(parts[2], radix: 16), let flags = UInt8(parts[3], radix: 16), traceID.bits != 0,
            spanID != 0
        else { return nil }
        self.init(traceID: traceID, spanID: spanID, isSampled: flags & 1 == 1)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func hexadecimal(_ id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Where the place of the current span is kept in a context.
enum TraceParentKey: ServiceContextKey {
    typealias Value = TraceParent
}

extension ServiceContext {
    /// The place of the current span.
    var traceParent: TraceParent? {
        get { self[TraceParentKey.self] }
        set { self[TraceParentKey.self] = newValue }
    }
}
