// Times and durations as protobuf's JSON has them: `2026-11-24T18:07:47.148Z` and `0.037s`. Fractions have 0, 3, 6 or 9
// digits when written, and any number when read.

/// Moments and durations in milliseconds, and their texts.
enum WireTime {
    /// The text of a moment.
    static func text(_ milliseconds: Int64) -> String {
        // RFC 3339 has years of four digits.
        let clamped = min(max(milliseconds, -62_135_596_800_000), 253_402_300_799_999)
        let day = floored(clamped, 86_400_000)
        let time = day.rest
        let (year, month, date) = civil(day.quotient)
        return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(date, 2) + "T" + padded(time / 3_600_000, 2)
            + ":" + padded(time / 60_000 % 60, 2) + ":" + padded(time / 1000 % 60, 2) + fraction(time % 1000) + "Z"
    }

    /// The text of a duration.
    static func text(duration milliseconds: Int64) -> String {
        let size = milliseconds.magnitude
        return (milliseconds < 0 ? "-" : "") + String(size / 1000) + fraction(Int64(size % 1000)) + "s"
    }

    /// Reads a moment; nil for a text that is none.
    static func milliseconds(_ text: String) -> Int64? {
        var reader = Reader(rest: Substring(text))
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let date = reader.digits(2), reader.take("T") || reader.take("t") || reader.take(" "),
            let hour = reader.digits(2), reader.take(":"), let minute = reader.digits(2), reader.take(":"),
            let second = reader.digits(2), (1...12).contains(month), (1...31).contains(date), hour < 24, minute < 60,
            second < 61
        else { return nil }
        let fraction = reader.take(".") ? reader.fraction() : 0
        guard let fraction, let offset = reader.offset(), reader.rest.isEmpty else { return nil }
        let seconds = days(year, month, date) * 86_400 + hour * 3_600 + (minute - offset) * 60 + second
        return seconds * 1000 + fraction
    }

    /// Reads a duration, such as `1.5s`; nil for a text that is none.
    static func milliseconds(duration text: String) -> Int64? {
        guard text.hasSuffix("s"), let seconds = Double(text.dropLast()), seconds.isFinite, abs(seconds) < 1e12 else {
            return nil
        }
        return Int64((seconds * 1000).rounded())
    }

    private static func fraction(_ milliseconds: Int64) -> String {
        milliseconds == 0 ? "" : "." + padded(milliseconds, 3)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floored(_ number: Int64, _ unit: Int64) -> (quotient: Int64, rest: Int64) {
        let rest = ((number % unit) + unit) % unit
        return ((number - rest) / unit, rest)
    }

    /// Days since 1970 of a date in the Gregorian calendar.
    ///
    /// Years begin in March, so that a leap day ends one.
    private static func days(_ year: Int64, _ month: Int64, _ date: Int64) -> Int64 {
        let year = month > 2 ? year : year - 1
        let (era, yearOfEra) = floored(year, 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + date - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date of a number of days since 1970.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, date: Int64) {
        let (era, day) = floored(days + 719_468, 146_097)
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365
        let dayOfYear = day - (365 * year + year / 4 - year / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (era * 400 + year + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    private struct Reader {
        var rest: Substring

        mutating func take(_ character: Character) -> Bool {
            guard rest.first == character else { return false }
            rest.removeFirst()
            return true
        }

        mutating func digits(_ count: Int) -> Int64? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            rest.removeFirst(count)
            return Int64(digits)
        }

        /// Milliseconds of the digits after a point; what is finer is cut.
        mutating func fraction() -> Int64? {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty else { return nil }
            rest.removeFirst(digits.count)
            return Int64((digits + "00").prefix(3))
        }

        /// Minutes by which the clock is ahead of universal time.
        mutating func offset() -> Int64? {
            if take("Z") || take("z") { return 0 }
            let sign: Int64
            if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
            guard let hours = digits(2), take(":"), let minutes = digits(2) else { return nil }
            return sign * (hours * 60 + minutes)
        }
    }
}
