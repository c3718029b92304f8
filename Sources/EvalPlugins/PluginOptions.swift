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
    /// The most instances of one scorer at a time.
    public var instances: Int

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
