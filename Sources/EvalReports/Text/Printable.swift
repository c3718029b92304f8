// Text of rows, made harmless to look at. What a character would do to a terminal, a page or a reader's eyes is shown
// instead of done; nothing else is changed.

/// Text without characters that act.
public enum Printable {
    /// The text with its line ends and tabs.
    ///
    /// Control characters become their Unicode pictures (`␛`), other control codes and what XML 1.0 forbids U+FFFD, and
    /// the characters that turn the direction of a whole passage are spelt out (`[U+202E]`).
    public static func text(_ source: some StringProtocol) -> String { clean(source, keepsLines: true) }

    /// The text in one line: line ends and tabs are spaces.
    public static func line(_ source: some StringProtocol) -> String { clean(source, keepsLines: false) }

    private static func clean(_ source: some StringProtocol, keepsLines: Bool) -> String {
        if source.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return String(source) }
        var result = String.UnicodeScalarView()
        var wasReturn = false
        for scalar in source.unicodeScalars {
            // CR LF is one end of line.
            if scalar == "\n", wasReturn {
                wasReturn = false
                continue
            }
            wasReturn = scalar == "\r"
            switch scalar.value {
            case 0x0A, 0x0D, 0x2028, 0x2029: result.append(keepsLines ? "\n" : " ")
            case 0x09: result.append(keepsLines ? scalar : " ")
            case 0x00..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
            case 0x7F: result.append("\u{2421}")
            case 0x80..<0xA0, 0xFFF9...0xFFFB: result.append("\u{FFFD}")
            case 0x202A...0x202E, 0x2066...0x2069, 0xE0000...0xE007F:
                result.append(contentsOf: "[U+\(String(scalar.value, radix: 16, uppercase: true))]".unicodeScalars)
            case let value where value & 0xFFFE == 0xFFFE || (0xFDD0...0xFDEF).contains(value):
                result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
