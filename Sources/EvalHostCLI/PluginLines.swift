// What plugins print and log, and what happens to their workers: lines on standard error.

internal import EvalCore
internal import EvalPlugins
internal import Foundation

enum PluginLines {
    /// Shows a line; `--quiet` hides what plugins print, never what happened to them.
    static let show: @Sendable (PluginLine) -> Void = { line in
        if line.isPlugins, line.level < .warning, CommandLine.arguments.contains("--quiet") { return }
        let text = String(line.text.unicodeScalars.map { $0.value < 32 && $0 != "\t" ? " " : Character($0) })
        if line.isPlugins {
            Console.standardError("\(line.plugin): \(text)\n")
        } else {
            Console.warning("\(line.plugin) \(text)")
        }
    }
}
