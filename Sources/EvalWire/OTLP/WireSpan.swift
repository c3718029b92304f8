// A span as it came, whichever way it was written, and what both ways have to check.

internal import EvalCore
internal import EvalJSON

/// A span before its attributes are told apart.
struct WireSpan {
    var traceID = PublicID(bits: 0)
    var id: UInt64 = 0
    var parentID: UInt64?
    var name = ""
    var startNanoseconds: Int64 = 0
    var endNanoseconds: Int64?
    var status = SpanStatus.unset
    var statusMessage: String?
    /// All attributes: an object.
    var attributes = JSON.null
    var events: [SpanEvent] = []
    var links: [SpanLink] = []

    /// Reads a span's identifier, 16 hexadecimal digits.
    static func id(_ text: String) -> UInt64? {
        guard text.utf8.count == 16, let first = text.utf8.first, first >= UInt8(ascii: "0") else { return nil }
        return UInt64(text, radix: 16)
    }

    /// A time in nanoseconds since 1970, which our 64 bits have to hold with a sign.
    static func time(_ nanoseconds: UInt64, of field: String) throws(OTLPError) -> Int64 {
        guard let time = Int64(exactly: nanoseconds) else {
            throw OTLPError(field, "is \(nanoseconds), a time after the year 2262")
        }
        return time
    }

    /// OpenTelemetry's number of a status; one that nobody knows says nothing.
    static func status(_ code: Int64) -> SpanStatus {
        switch code {
        case 1: .ok
        case 2: .error
        default: .unset
        }
    }

    /// A span without its identifiers is none.
    func checked() throws(OTLPError) -> WireSpan {
        if traceID.bits == 0 { throw OTLPError("trace_id", "is missing or all zeros") }
        if id == 0 { throw OTLPError("span_id", "is missing or all zeros") }
        return self
    }
}

/// Counts what a span or a request holds, against its limit.
struct Allowance {
    let limit: Int
    /// What is counted, in the plural.
    let what: String
    private var count = 0

    init(_ limit: Int, _ what: String) {
        self.limit = limit
        self.what = what
    }

    /// Takes one more, or more than one.
    mutating func take(_ number: Int = 1) throws(OTLPError) {
        count += number
        if count > limit { throw OTLPError("", "has more than \(limit) \(what)") }
    }
}
