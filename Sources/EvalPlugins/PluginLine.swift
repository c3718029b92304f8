// Lines about plugins, and by them, at a bounded rate.

internal import CEvalHost
internal import Synchronization

/// A line about a plugin, or by one.
public struct PluginLine: Sendable, Equatable {
    /// How much it matters.
    public enum Level: UInt32, Sendable, Comparable {
        case debug = 1
        case info
        case warning
        case error

        /// By how much they matter.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// The library.
    public var plugin: String
    /// How much it matters.
    public var level: Level
    /// What is said.
    public var text: String
    /// Whether the plugin says it, not the host.
    public var isPlugins: Bool

    /// A line.
    public init(plugin: String, level: Level, text: String, isPlugins: Bool) {
        self.plugin = plugin
        self.level = level
        self.text = text
        self.isPlugins = isPlugins
    }
}

/// Passes lines of one library on, and keeps to a rate: a flood costs nothing but its own reading.
final class PluginVoice: Sendable {
    /// Lines in a second; what is beyond is counted.
    static let rate = 20
    /// The longest line, in bytes.
    static let lineBytes = Int(EVALHOST_MAX_MESSAGE_BYTES)

    private struct State {
        var window = ContinuousClock.now
        var heard = 0
        var dropped = 0
    }
    private let plugin: String
    private let hear: @Sendable (PluginLine) -> Void
    private let state = Mutex(State())

    init(_ plugin: String, _ hear: @escaping @Sendable (PluginLine) -> Void) {
        self.plugin = plugin
        self.hear = hear
    }

    /// Tells what happened to the plugin.
    func tell(_ text: String) { hear(PluginLine(plugin: plugin, level: .warning, text: text, isPlugins: false)) }

    /// Passes on what the plugin says.
    func say(_ level: PluginLine.Level, _ bytes: [UInt8]) {
        let (isTold, lost) = state.withLock { state in
            var lost = 0
            let now = ContinuousClock.now
            if now - state.window >= .seconds(1) {
                lost = state.dropped
                state = State(window: now)
            }
            let isTold = state.heard < Self.rate
            if isTold { state.heard += 1 } else { state.dropped += 1 }
            return (isTold, lost)
        }
        if lost > 0 { tell("said \(lost) more lines, which were dropped") }
        guard isTold else { return }
        hear(PluginLine(plugin: plugin, level: level, text: String(decoding: bytes, as: UTF8.self), isPlugins: true))
    }

    /// Whether more lines came in this second than are told.
    var isFlooded: Bool {
        state.withLock { $0.heard >= Self.rate && ContinuousClock.now - $0.window < .seconds(1) }
    }

    /// Counts lines that nobody looked at.
    func drop(_ count: Int) { state.withLock { $0.dropped += count } }
}
