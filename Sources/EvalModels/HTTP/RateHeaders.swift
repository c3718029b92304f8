// What the headers of a reply say about the next call: Retry-After, and what is left of the vendors' rates.

internal import Foundation
internal import NIOHTTP1

/// Reads the headers about rates.
enum RateHeaders {
    /// How long the endpoint wants this call to wait: `retry-after-ms`, else `Retry-After` in seconds or as a date.
    static func retryAfter(_ headers: HTTPHeaders, now: Date = Date()) -> Duration? {
        if let text = headers.first(name: "retry-after-ms"), let milliseconds = Double(text), milliseconds >= 0 {
            return .milliseconds(min(milliseconds, 1e9))
        }
        guard let text = headers.first(name: "retry-after")?.trimmingCharacters(in: .whitespaces) else { return nil }
        if let seconds = Double(text) { return seconds >= 0 && seconds.isFinite ? .seconds(min(seconds, 1e6)) : nil }
        return date(text).map { .seconds(max(0, $0.timeIntervalSince(now))) }
    }

    /// How long the endpoint takes no further call, because nothing is left of one of its rates; nil where some is.
    ///
    /// OpenAI and those who follow it say `x-ratelimit-remaining-requests: 0` and `x-ratelimit-reset-requests: 1m30s`;
    /// Anthropic says `anthropic-ratelimit-requests-remaining: 0` and a moment in `…-reset`.
    static func pause(_ headers: HTTPHeaders, now: Date = Date()) -> Duration? {
        var longest: Duration?
        for (name, value) in headers where isZero(value) {
            guard let reset = resetName(of: name), let text = headers.first(name: reset),
                let wait = duration(text) ?? moment(text, now)
            else { continue }
            longest = max(longest ?? .zero, wait)
        }
        return longest
    }

    private static func isZero(_ value: String) -> Bool { value == "0" }

    /// The header with the reset for one with what remains.
    private static func resetName(of name: String) -> String? {
        let name = name.lowercased()
        if name.hasPrefix("x-ratelimit-remaining") {
            return "x-ratelimit-reset" + name.dropFirst("x-ratelimit-remaining".count)
        }
        if name.hasPrefix("anthropic-ratelimit-"), name.hasSuffix("-remaining") {
            return name.dropLast("remaining".count) + "reset"
        }
        return nil
    }

    /// Reads `120ms`, `1.5s`, `6m0s`, `1h2m3s`, or a bare number of seconds.
    static func duration(_ text: String) -> Duration? {
        if let seconds = Double(text) {
            // Some gateways give the second since 1970 at which the rate begins anew.
            if seconds > 1e9 { return .seconds(max(0, seconds - Date().timeIntervalSince1970)) }
            return seconds >= 0 ? .seconds(seconds) : nil
        }
        var total = 0.0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            let unit = rest.dropFirst(digits.count).prefix { $0.isLetter }
            guard let number = Double(digits),
                let factor = ["ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400][String(unit)]
            else { return nil }
            total += number * factor
            rest = rest.dropFirst(digits.count + unit.count)
        }
        return text.isEmpty ? nil : .seconds(total)
    }

    /// Reads `2026-11-24T10:00:00Z`.
    private static func moment(_ text: String, _ now: Date) -> Duration? {
        let moment =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return moment.map { .seconds(max(0, $0.timeIntervalSince(now))) }
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`
    /// (RFC 9110, 5.6.7).
    private static func date(_ value: String) -> Date? {
        let words = value.split { !$0.isLetter && !$0.isNumber }
        guard words.count >= 7 else { return nil }
        let isC = words[1].first?.isLetter == true
        let (day, month, year) = isC ? (words[2], words[1], words[6]) : (words[1], words[2], words[3])
        let time = (isC ? words[3...5] : words[4...6]).compactMap { Int($0) }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let day = Int(day), let month = months.firstIndex(of: String(month)), var year = Int(year),
            time.count == 3
        else { return nil }
        if year < 100 { year += year < 76 ? 2000 : 1900 }
        var parts = DateComponents(timeZone: TimeZone(secondsFromGMT: 0), year: year, month: month + 1, day: day)
        (parts.hour, parts.minute, parts.second) = (time[0], time[1], time[2])
        return Calendar(identifier: .gregorian).date(from: parts)
    }
}
