// How numbers are written for people.

internal import EvalCore
internal import Foundation

/// Numbers for people.
enum Numbers {
    /// Four decimals at most, two from a hundred on, none for whole numbers, and powers of ten where four decimals say
    /// nothing.
    static func plain(_ value: Double) -> String {
        if let whole = Int64(exactly: value), whole.magnitude < 1_000_000_000_000_000 { return String(whole) }
        guard value.isFinite else { return value.description }
        let magnitude = abs(value)
        if magnitude < 0.000_05 || magnitude >= 1e15 { return String(format: "%.4g", value) }
        return String(format: magnitude < 100 ? "%.4f" : "%.2f", value)
    }

    /// A number with the sign that tells a rise from a fall.
    static func signed(_ value: Double) -> String {
        value > 0 ? "+\(plain(value))" : value < 0 ? "−\(plain(-value))" : "0"
    }

    /// Both ends with as many decimals as their distance makes worth reading: `[0.74, 0.87]`.
    static func interval(_ low: Double, _ high: Double) -> String {
        let distance = high - low
        guard distance > 0, distance.isFinite, max(abs(low), abs(high)) < 1e15 else {
            return "[\(plain(low)), \(plain(high))]"
        }
        // Two digits of the distance.
        let decimals = Int(1 - log10(distance).rounded(.down))
        guard decimals <= 12 else { return "[\(plain(low)), \(plain(high))]" }
        let format = "%.\(max(0, decimals))f"
        return "[\(String(format: format, low)), \(String(format: format, high))]"
    }

    /// Thousands separated by a comma.
    static func grouped(_ count: some BinaryInteger) -> String {
        let digits = String(count)
        var result = ""
        for (position, digit) in digits.enumerated() {
            if position > 0, (digits.count - position).isMultiple(of: 3),
                digits[digits.startIndex] != "-" || position > 1
            {
                result += ","
            }
            result.append(digit)
        }
        return result
    }

    /// A count with its noun: `1 row`, `2 rows`.
    static func count(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
        "\(grouped(count)) \(count == 1 ? singular : plural ?? singular + "s")"
    }

    /// US dollars: cents above a dollar, four digits below.
    static func dollars(_ amount: Double) -> String {
        if amount == 0 { return "$0" }
        return abs(amount) >= 1 ? String(format: "$%.2f", amount) : String(format: "$%.4g", amount)
    }

    /// A cost, with `≥` where a part of it is unknown.
    static func cost(_ cost: CostTotal) -> String {
        (cost.isPartial ? "≥ " : "") + dollars(cost.value)
    }

    /// Tokens, with `≥` where a part of them is unknown: `≥ 12,345 (10,000 in, 2,345 out)`.
    static func tokens(_ tokens: TokenTotal) -> String {
        let usage = tokens.value
        return (tokens.isPartial ? "≥ " : "")
            + "\(grouped(usage.totalTokens)) (\(grouped(usage.inputTokens)) in, \(grouped(usage.outputTokens)) out)"
    }

    /// A duration in its natural unit.
    static func duration(milliseconds: Int64) -> String {
        switch milliseconds {
        case ..<1000: "\(milliseconds) ms"
        case ..<60_000: String(format: "%.1f s", Double(milliseconds) / 1000)
        case ..<3_600_000: "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
        default: "\(milliseconds / 3_600_000) h \(milliseconds / 60_000 % 60) min"
        }
    }

    /// A time in UTC: `2026-03-01 09:30:00 UTC`; a report is read in other places than it is made.
    static func time(milliseconds: Int64) -> String {
        let date = Date(timeIntervalSince1970: Double(milliseconds / 1000))
        return date.formatted(.iso8601).replacing("T", with: " ").replacing("Z", with: " UTC")
    }
}
