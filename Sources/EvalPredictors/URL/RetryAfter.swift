// How long an endpoint wants to be left alone: RFC 9110, 10.2.3, seconds or a date in one of its three forms.

internal import Foundation

/// Reads the header `Retry-After`.
enum RetryAfter {
    /// The time to wait, never below zero; nil if the value is neither seconds nor a date.
    static func duration(_ value: String, now: Date = Date()) -> Duration? {
        let value = value.trimmingCharacters(in: .whitespaces)
        if let seconds = Int64(value), seconds >= 0 { return .seconds(min(seconds, 1 << 31)) }
        return date(value).map { .seconds(max(0, $0.timeIntervalSince(now))) }
    }

    /// Reads `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    private static func date(_ value: String) -> Date? {
        let words = value.split { !$0.isLetter && !$0.isNumber }
        guard words.count >= 7 else { return nil }
        let isC = words[1].first?.isLetter == true
        let (day, month, year) = isC ? (words[2], words[1], words[6]) : (words[1], words[2], words[3])
        let clock = isC ? words[3...5] : words[4...6]
        let time = clock.compactMap { Int($0) }
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let day = Int(day), let month = months.firstIndex(of: String(month)), var year = Int(year),
            time.count == 3
        else { return nil }
        // Two digits: RFC 9110 takes a year over 50 years ahead for one in the past.
        if year < 100 { year += year < 76 ? 2000 : 1900 }
        var parts = DateComponents(timeZone: TimeZone(secondsFromGMT: 0), year: year, month: month + 1, day: day)
        (parts.hour, parts.minute, parts.second) = (time[0], time[1], time[2])
        return Calendar(identifier: .gregorian).date(from: parts)
    }
}
