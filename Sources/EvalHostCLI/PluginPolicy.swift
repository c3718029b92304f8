// How plugins are run: flags, environment and suite together.

public import ArgumentParser
internal import EvalCore
internal import EvalJSON
public import EvalPlugins
internal import EvalSuite
internal import Foundation

extension PluginIsolation: ExpressibleByArgument {}
extension SandboxMode: ExpressibleByArgument {}
extension PluginProject.Language: ExpressibleByArgument {}

/// What is decided about plugins.
struct PluginPolicy: Sendable {
    var isolation = PluginIsolation.process
    var sandbox = SandboxMode.auto
    var lockPath = Self.defaultLock
    var requiresTrust = false
    var skipsBroken = false
    var timeout: Duration?

    static let defaultLock = "plugins.lock"

    /// What flags, environment and suite say, in this order.
    ///
    /// - Throws: Which variable has no such value.
    init(_ options: PluginFolderOptions, _ suite: Suite = Suite()) throws(Diagnostic) {
        timeout = try Environment.seconds(options.pluginTimeout, "PLUGIN_TIMEOUT", suite.pluginTimeout)
        skipsBroken = options.skipsBroken || suite.skipBrokenPlugins ?? false
        let isolations = PluginIsolation.allCases.map(\.rawValue).joined(separator: " or ")
        let isolationOfEnvironment = try Environment.value("ISOLATION", isolations, PluginIsolation.init(rawValue:))
        isolation =
            options.isolation ?? isolationOfEnvironment ?? suite.isolation.flatMap(PluginIsolation.init(rawValue:))
            ?? isolation
        let modes = SandboxMode.allCases.map(\.rawValue).joined(separator: ", ")
        let sandboxOfEnvironment = try Environment.value("SANDBOX", "one of \(modes)", SandboxMode.init(rawValue:))
        sandbox =
            options.sandbox ?? sandboxOfEnvironment ?? suite.sandbox.flatMap(SandboxMode.init(rawValue:)) ?? sandbox
        requiresTrust =
            options.requireTrusted || Environment.value("REQUIRE_TRUSTED") != nil || suite.requireTrusted ?? false
        let folder = ((suite.file ?? "") as NSString).deletingLastPathComponent
        let beside = folder.isEmpty ? Self.defaultLock : "\(folder)/\(Self.defaultLock)"
        lockPath = options.lock ?? Environment.value("LOCK") ?? suite.lock ?? beside
    }

    /// What a run keeps of it.
    var stored: [(String, JSON)] {
        [
            ("skip_broken_plugins", JSON(skipsBroken)), ("isolation", JSON(isolation.rawValue)),
            ("sandbox", JSON(sandbox.rawValue)), ("lock", JSON(EvaluationRequest.absolute(lockPath))),
            ("require_trusted", JSON(requiresTrust)),
        ]
    }

    /// Takes what a run was begun with, where nothing else is given: how plugins run changes no value.
    mutating func restore(_ stored: JSON, given: PluginFolderOptions) {
        skipsBroken = skipsBroken || stored["skip_broken_plugins"]?.boolean ?? false
        requiresTrust = requiresTrust || stored["require_trusted"]?.boolean ?? false
        if given.isolation == nil, let word = stored["isolation"]?.string.flatMap(PluginIsolation.init(rawValue:)) {
            isolation = word
        }
        if given.sandbox == nil, let word = stored["sandbox"]?.string.flatMap(SandboxMode.init(rawValue:)) {
            sandbox = word
        }
        if given.lock == nil, let path = stored["lock"]?.string { lockPath = path }
    }

    /// The lock; nil where there is none and none is named.
    ///
    /// - Throws: What is wrong in it.
    func lock() throws(Diagnostic) -> PluginLock? { try PluginLock.read(lockPath) }

    /// The options of a catalog.
    ///
    /// - Throws: What is wrong in the lock.
    func options(hear: @escaping @Sendable (PluginLine) -> Void = { _ in }) throws(Diagnostic) -> PluginOptions {
        var options = PluginOptions(
            cacheFolder: Self.cacheFolder,
            hostVersion: HostVersion.current,
            rowDeadline: timeout ?? Limits.pluginRow,
            instances: ProcessInfo.processInfo.activeProcessorCount
        )
        options.isolation = isolation
        options.sandbox = sandbox
        options.lock = try lock()
        options.requiresTrust = requiresTrust
        options.lockPath = lockPath
        options.hear = hear
        return options
    }

    /// Where descriptions of libraries are kept: `XDG_CACHE_HOME/evalhost/plugins`.
    private static let cacheFolder: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") { return base + "/evalhost/plugins" }
        return environment["HOME"].map { $0 + "/.cache/evalhost/plugins" }
    }()
}
