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
        if isTerminal { Console.standardError(line(0, width: Console.width)) }
        while !Task.isCancelled {
            try? await Task.sleep(for: isTerminal ? .milliseconds(100) : .seconds(1))
            let now = clock.now
            let seconds = (now - start) / .seconds(1)
            if Task.isCancelled { break }
            if isTerminal {
                Console.standardError("\r\u{1B}[K" + line(seconds, width: Console.width))
            } else if now - lastLine >= .seconds(60) {
                lastLine = now
                Console.standardError(line(seconds, width: 200) + "\n")
            }
        }
        guard isTerminal else { return }
        // What was expected is a guess from the file's size; a run that came close to it was whole.
        let rows = progress.counts.rows
        let isWhole = expectedRows.map { Double(rows) >= 0.95 * Double($0) } ?? false
        let last = ProgressBar(progress, expectedRows: isWhole ? rows : expectedRows)
        Console.standardError("\r\u{1B}[K" + last.line((clock.now - start) / .seconds(1), width: Console.width) + "\n")
    }

    /// One line of at most `width` columns: what matters most comes first.
    func line(_ seconds: Double, width: Int) -> String {
        let counts = progress.counts
        let done = counts.rows - progress.restoredRows
        let rate = seconds > 0 ? Double(done) / seconds : 0
        var parts: [String] = []
        if let expectedRows, expectedRows > 0 {
            let share = min(1, Double(counts.rows) / Double(expectedRows))
            let filled = Int(share * 20)
            parts.append(String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled))
            parts.append("\(counts.rows)/\(expectedRows) rows")
            let left = rate > 0 ? Double(expectedRows - counts.rows) / rate : 0
            parts.append("\(Int(rate)) rows/s")
            if left >= 1, counts.rows > 0 { parts.append("\(Int(left)) s left") }
        } else {
            parts.append("\(counts.rows) rows")
            parts.append("\(Int(rate)) rows/s")
        }
        if counts.errors > 0 { parts.append("\(counts.errors) with errors") }
        while parts.count > 1, parts.joined(separator: "  ").count >= width { parts.removeFirst() }
        return String(parts.joined(separator: "  ").prefix(max(1, width - 1)))
    }
}
