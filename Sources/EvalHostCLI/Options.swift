// Options that several commands share, and the order in which a value is looked for:
// the flag, EVALHOST_*, the suite, the built-in default.

internal import ArgumentParser
internal import EvalCore
internal import EvalPlugins
internal import EvalStore
internal import Foundation

/// The environment's part of the options.
enum Environment {
    /// The value of `EVALHOST_NAME`; an empty one is none.
    static func value(_ name: String) -> String? {
        guard let value = ProcessInfo.processInfo.environment["EVALHOST_\(name)"], !value.isEmpty else { return nil }
        return value
    }

    /// The value of `EVALHOST_NAME` in another type.
    ///
    /// - Throws: That it has no such value.
    static func value<Value>(_ name: String, _ what: String, _ read: (String) -> Value?) throws(Diagnostic) -> Value? {
        guard let text = value(name) else { return nil }
        guard let value = read(text) else { throw Diagnostic("EVALHOST_\(name) must be \(what)") }
        return value
    }

    /// A number above 0: the flag, the variable, or what the suite says.
    static func count(_ flag: Int?, _ name: String, _ suite: Int?) throws(Diagnostic) -> Int? {
        if let flag { return flag }
        if let found = try value(name, "a whole number above 0", { Int($0).flatMap { $0 > 0 ? $0 : nil } }) {
            return found
        }
        return suite
    }

    /// An amount of US dollars above 0: the flag, the variable, or what the suite says.
    static func dollars(_ flag: Double?, _ name: String, _ suite: Double?) throws(Diagnostic) -> Double? {
        if let flag { return flag }
        let variable = try value(name, "a number of US dollars above 0") {
            Double($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        }
        if let variable { return variable }
        return suite
    }

    /// A number of seconds above 0: the flag, the variable, or what the suite says.
    static func seconds(_ flag: Double?, _ name: String, _ suite: Double?) throws(Diagnostic) -> Duration? {
        var found = flag
        if found == nil {
            found = try value(
                name,
                "a number of seconds above 0",
                { Double($0).flatMap { $0 > 0 && $0 < 1e9 ? $0 : nil } }
            )
        }
        return (found ?? suite).map { .milliseconds(Int64(max(1, $0 * 1000))) }
    }

    /// Texts that commas separate.
    static func list(_ name: String) -> [String]? {
        value(name)?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// Where runs are kept.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where runs are kept: sqlite:PATH.",
            discussion: "Default: .evalhost/evalhost.db",
            valueName: "address"
        )
    )
    var store: String?

    static let defaultPath = ".evalhost/evalhost.db"

    /// The path of the store's file.
    ///
    /// - Parameter suite: What the suite says.
    /// - Returns: The path.
    /// - Throws: That the address is not one of ours.
    func path(suite: String? = nil) throws(Diagnostic) -> String {
        let address = store ?? Environment.value("STORE") ?? suite ?? Self.defaultPath
        if address.hasPrefix("sqlite:") { return String(address.dropFirst("sqlite:".count)) }
        guard !address.contains("://") else {
            throw Diagnostic(
                "the store '\(address.prefix { $0 != ":" }):…' is of a kind that this version doesn't have",
                help: "Use sqlite:PATH."
            )
        }
        return address
    }

    /// Opens the store; it is made if it isn't there.
    func open(suite: String? = nil) throws(Diagnostic) -> SQLiteStore {
        let path = try path(suite: suite)
        try StoreFolder.prepare(for: path)
        return try SQLiteStore(path: path)
    }

    /// Opens a store that must be there: reading makes none.
    ///
    /// - Parameter suite: What the suite says.
    /// - Returns: The store.
    /// - Throws: That there is none, or why it can't be used.
    func openExisting(suite: String? = nil) throws(Diagnostic) -> SQLiteStore {
        let path = try path(suite: suite)
        guard FileManager.default.fileExists(atPath: path) else {
            throw Diagnostic(
                "there is no store",
                at: .init(file: path),
                help: "`evalhost evaluate` makes one; `--store sqlite:PATH` names another."
            )
        }
        return try SQLiteStore(path: path)
    }
}

/// What every command can do about its output.
struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "No progress and no notes; errors and missed thresholds are told all the same.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "No colours.")
    var noColor = false

    /// Whether progress and notes are unwanted: the flag, or `EVALHOST_QUIET`.
    var isQuiet: Bool { quiet || Environment.value("QUIET") != nil }

    /// Tells a note.
    func note(_ text: String) {
        if !isQuiet { Console.standardError("note: \(text)\n") }
    }
}

/// Where plugins come from.
struct PluginFolderOptions: ParsableArguments {
    @Option(
        name: .customLong("plugins"),
        help: ArgumentHelp("A folder of plugins; may be given several times.", valueName: "dir")
    )
    var folders: [String] = []

    @Flag(help: "Leave out a library that can't be loaded, with a warning.")
    var skipBrokenPlugins = false

    @Option(help: ArgumentHelp("How long a plugin may take for one row, in seconds.", valueName: "seconds"))
    var pluginTimeout: Double?

    @Option(
        help: ArgumentHelp(
            "Where plugins run that the lock doesn't name: process or inprocess.",
            discussion: "Default: process, where a crash costs one row",
            valueName: "where"
        )
    )
    var isolation: PluginIsolation?

    @Option(
        help: ArgumentHelp(
            "How much of the sandbox must be there: auto, require, strict or off.",
            discussion: "Default: auto; strict makes a refused system call its row's error",
            valueName: "mode"
        )
    )
    var sandbox: SandboxMode?

    @Option(
        help: ArgumentHelp(
            "The plugins that are trusted.",
            discussion: "Default: plugins.lock beside the suite",
            valueName: "file"
        )
    )
    var lock: String?

    @Flag(help: "Use only plugins of the lock.")
    var requireTrusted = false

    func validate() throws {
        if let pluginTimeout, !(pluginTimeout > 0) { throw ValidationError("--plugin-timeout must be above 0") }
    }

    /// Whether broken libraries are left out: the flag, or `EVALHOST_SKIP_BROKEN_PLUGINS`.
    var skipsBroken: Bool { skipBrokenPlugins || Environment.value("SKIP_BROKEN_PLUGINS") != nil }

    /// The folders of the flags or of `EVALHOST_PLUGINS`, which separates them by colons.
    var given: [String] {
        if !folders.isEmpty { return folders }
        return Environment.value("PLUGINS")?.split(separator: ":").map(String.init) ?? []
    }
}
