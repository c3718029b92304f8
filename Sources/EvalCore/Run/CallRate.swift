// How many calls of an endpoint may begin in a time: `20/s`.

/// A bound on calls.
public struct CallRate: Sendable, Equatable, CustomStringConvertible {
    /// Calls a second, above 0.
    public let perSecond: Double
    /// The rate as it was written.
    public let description: String

    /// Reads `20/s`, `600/m`, `5000/h`, or a bare number of calls a second.
    public init?(_ source: String) {
        let parts = source.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let seconds: Double
        switch parts.count == 2 ? parts[1].drop(while: { $0 == " " }) : "s" {
        case "s", "sec", "second": seconds = 1
        case "m", "min", "minute": seconds = 60
        case "h", "hour": seconds = 3600
        default: return nil
        }
        let number = parts[0].filter { $0 != " " }
        guard let count = Double(number), count.isFinite, count > 0 else { return nil }
        perSecond = count / seconds
        description = source
    }
}
