// A progress bar, on a terminal only; in a log one line a minute.

internal import EvalCore
internal import EvalRunner
internal import Foundation

/// Shows how far a run is until it is stopped.
struct ProgressBar: Sendable {
    private let progress: RunProgress
    private let expectedRows: Int?
    private let isTerminal: Bool

    /// - Parameters:
    ///   - progress: What is shown.
    ///   - expectedRows: How many rows there will be, where that is known.
    init(_ progress: RunProgress, expectedRows: Int?) {
        self.progress = progress
        self.expectedRows = expectedRows
        isTerminal = Console.isTerminal(STDERR_FILENO)
    }

    /// Draws until the task is cancelled; the last line stays.
    func draw() async {
        let clock = ContinuousClock()
        let start = clock.now
        var lastLine = start
        if isTerminal { Console.standardError(line(0, width: Console.width(STDERR_FILENO))) }
        while !Task.isCancelled {
            try? await Task.sleep(for: isTerminal ? .milliseconds(100) : .seconds(1))
            let now = clock.now
            let seconds = (now - start) / .seconds(1)
            if Task.isCancelled { break }
            if isTerminal {
                Console.standardError("\r\u{1B}[K" + line(seconds, width: Console.width(STDERR_FILENO)))
            } else if now - lastLine >= .seconds(60) {
                lastLine = now
                Console.standardError(line(seconds, width: 200) + "\n")
            }
        }
        guard isTerminal else { return }
        // What was expected is a guess from the file's size; a run that came close to it was whole.
        let rows = progress.counts.finished
        let isWhole = expectedRows.map { Double(rows) >= 0.95 * Double($0) } ?? false
        let last = ProgressBar(progress, expectedRows: isWhole ? rows : expectedRows)
        Console.standardError(
            "\r\u{1B}[K" + last.line((clock.now - start) / .seconds(1), width: Console.width(STDERR_FILENO)) + "\n"
        )
    }

    /// One line of at most `width` columns; where it is narrow, what matters least goes first.
    func line(_ seconds: Double, width: Int) -> String {
        let counts = progress.counts
        let rate = seconds > 0 ? Double(counts.finished - progress.restoredRows) / seconds : 0
        // Each part with how much it matters; the order is that of the line.
        var parts: [(text: String, weight: Int)] = []
        if let expectedRows, expectedRows > 0 {
            let share = min(1, Double(counts.finished) / Double(expectedRows))
            let filled = Int(share * 20)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
            parts.append((bar, 3))
            parts.append(("\(counts.finished)/\(expectedRows) rows", 9))
            parts.append((Self.rate(rate), 5))
            let left = rate > 0 ? Double(expectedRows - counts.finished) / rate : 0
            if left >= 1, counts.finished > 0 { parts.append(("\(Self.time(left)) left", 7)) }
        } else {
            parts.append(("\(counts.finished) rows", 9))
            parts.append((Self.rate(rate), 5))
        }
        if counts.sessions > 0 { parts.append(("\(counts.sessions) sessions", 8)) }
        if counts.errors > 0 { parts.append(("\(counts.errors) with errors", 8)) }
        if let cost = counts.costUSD { parts.append((String(format: "$%.4g", cost), 6)) }
        if let slowest = progress.slowestScorer, slowest.perRow >= .milliseconds(1) {
            let milliseconds = slowest.perRow / .milliseconds(1)
            parts.append(("slowest \(slowest.name) \(String(format: "%.3g", milliseconds)) ms/row", 2))
        }
        while parts.count > 1, parts.map(\.text).joined(separator: "  ").count >= width,
            let least = parts.indices.min(by: { parts[$0].weight < parts[$1].weight })
        {
            parts.remove(at: least)
        }
        return String(parts.map(\.text).joined(separator: "  ").prefix(max(1, width - 1)))
    }

    private static func rate(_ rowsPerSecond: Double) -> String {
        rowsPerSecond < 10 ? String(format: "%.1f rows/s", rowsPerSecond) : "\(Int(rowsPerSecond)) rows/s"
    }

    private static func time(_ seconds: Double) -> String {
        switch Int(min(seconds, 1e9)) {
        case let s where s < 60: "\(s) s"
        case let s where s < 3600: "\(s / 60) min \(s % 60) s"
        case let s: "\(s / 3600) h \(s / 60 % 60) min"
        }
    }
}
