// How numbers are written for people.

internal import Foundation

/// Numbers for people.
enum Numbers {
    /// Four decimals at most, none for whole numbers.
    static func plain(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        let text = String(format: "%.4f", value)
        return text
    }

    /// Thousands separated by a thin comma.
    static func grouped(_ count: Int) -> String {
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

    /// A duration in its natural unit.
    static func duration(milliseconds: Int64) -> String {
        switch milliseconds {
        case ..<1000: "\(milliseconds) ms"
        case ..<60_000: String(format: "%.1f s", Double(milliseconds) / 1000)
        case ..<3_600_000: "\(milliseconds / 60_000) min \(milliseconds / 1000 % 60) s"
        default: "\(milliseconds / 3_600_000) h \(milliseconds / 60_000 % 60) min"
        }
    }
}
