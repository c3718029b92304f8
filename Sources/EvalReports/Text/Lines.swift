// Lines for a terminal of some width. It counts columns, not characters, and colours a line only after it is cut.

internal import Foundation

/// Lines that are no wider than a terminal.
struct Lines {
    /// A colour of the terminal's own palette.
    enum Style: String {
        case plain = ""
        case faint = "2"
        case red = "31"
        case green = "32"
    }

    /// A space at which a line is broken only where nothing else helps.
    static let glue = "\u{A0}"

    private let width: Int
    private let color: Bool
    private(set) var lines: [String] = []

    /// Begins without a line.
    ///
    /// - Parameters:
    ///   - width: The columns there are; nil for no limit.
    ///   - color: Whether lines are coloured.
    init(width: Int?, color: Bool) {
        self.width = width.map { max(1, $0) } ?? .max
        self.color = color
    }

    /// The lines with their ends.
    var text: String { lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n" }

    /// Adds text, broken at spaces; only a word that is wider than the terminal makes a wider line.
    mutating func add(_ text: String, indent: Int = 0, style: Style = .plain) {
        let indent = min(indent, max(0, width / 4))
        let lead = String(repeating: " ", count: indent)
        var line = ""
        func words(_ text: Substring, _ space: Character) -> [Substring] { text.split(separator: space) }
        var pending = words(text[...], " ")[...]
        if Self.columns(text) + indent <= width {
            return push(lead + text.replacing(Self.glue, with: " "), style)
        }
        while let word = pending.popFirst() {
            let joined = line.isEmpty ? String(word) : line + " " + word
            if Self.columns(joined) + indent <= width {
                line = joined
            } else if word.contains(Self.glue), Self.columns(String(word)) + indent > width {
                pending = words(word, "\u{A0}")[...] + pending
            } else {
                if !line.isEmpty { push(lead + line.replacing(Self.glue, with: " "), style) }
                line = String(word)
            }
        }
        if !line.isEmpty { push(lead + line.replacing(Self.glue, with: " "), style) }
    }

    /// Adds a table if it fits: the first column to the left, numbers to the right.
    ///
    /// - Returns: Whether it fits.
    mutating func addTable(_ rows: [[String]], leading: Set<Int> = [0]) -> Bool {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns)
            .map { column in
                rows.map { column < $0.count ? Self.columns($0[column]) : 0 }.max() ?? 0
            }
        let used = widths.indices.filter { widths[$0] > 0 }
        guard used.reduce(used.count * 2, { $0 + widths[$1] }) <= width else { return false }
        for (index, row) in rows.enumerated() {
            var line = ""
            for column in used {
                let cell = column < row.count ? row[column] : ""
                let padding = String(repeating: " ", count: widths[column] - Self.columns(cell))
                line += "  " + (leading.contains(column) ? cell + padding : padding + cell)
            }
            while line.last == " " { line.removeLast() }
            push(line, index == 0 ? .faint : .plain)
        }
        return true
    }

    private mutating func push(_ line: String, _ style: Style) {
        lines.append(color && style != .plain ? "\u{1B}[\(style.rawValue)m\(line)\u{1B}[0m" : line)
    }

    /// How many columns a terminal gives to a text: two to East Asian wide characters and emoji, none to marks.
    static func columns(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + columns($1) }
    }

    private static func columns(_ character: Character) -> Int {
        var widest = 0
        for scalar in character.unicodeScalars {
            if scalar == "\u{FE0F}" { return 2 }
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: continue
            default: widest = max(widest, isWide(scalar) ? 2 : 1)
            }
        }
        return widest
    }

    /// The ranges of Unicode's East Asian Width (UAX #11) that are W or F, as blocks.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            true
        default: scalar.properties.isEmojiPresentation
        }
    }
}
