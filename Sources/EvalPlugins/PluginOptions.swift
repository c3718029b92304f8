// How plugins are found, loaded and called.

public import EvalCore

/// What the caller decides about plugins.
public struct PluginOptions: Sendable {
    /// Where descriptions are kept between processes; nil: nowhere.
    public var cacheFolder: String?
    /// evalhost's version; descriptions that another version kept are read anew.
    public var hostVersion: String
    /// How long a library may take to load, and to make an instance.
    public var loadDeadline: Duration
    /// How long a scorer may take for one row.
    public var rowDeadline: Duration
    /// The most workers of one library, and the most instances of a scorer in this process, at a time.
    public var instances: Int
    /// Where libraries run that the lock says nothing else of.
    public var isolation = PluginIsolation.process
    /// How much of the sandbox must be there.
    public var sandbox = SandboxMode.auto
    /// What was granted; nil: nothing to anybody.
    public var lock: PluginLock?
    /// Where the lock is, or would be, for messages.
    public var lockPath = "plugins.lock"
    /// Whether only libraries of the lock may be used.
    public var requiresTrust = false
    /// Whom plugins that call a judge ask.
    public var judge: (any JudgeClient)?
    /// The program `evalhost-worker`; nil: it is looked for.
    public var worker: String?
    /// Hears what plugins print and log, and what happens to their workers.
    public var hear: @Sendable (PluginLine) -> Void = { _ in }

    /// Decides.
    public init(
        cacheFolder: String? = nil,
        hostVersion: String,
        loadDeadline: Duration = Limits.pluginLoad,
        rowDeadline: Duration = Limits.pluginRow,
        instances: Int = 4
    ) {
        self.cacheFolder = cacheFolder
        self.hostVersion = hostVersion
        self.loadDeadline = loadDeadline
        self.rowDeadline = rowDeadline
        self.instances = max(1, instances)
    }
}

/// Where a library's code runs.
public enum PluginIsolation: String, Sendable, CaseIterable {
    /// In worker processes.
    case process
    /// In this process: as fast as a function call, and as trusted.
    case inprocess
}
