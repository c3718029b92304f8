// A scorer of a drop-in library, for programs.

public import EvalCore
public import EvalJSON
internal import EvalPlugins
internal import Foundation

/// A scorer of a plugin, found by its name in a folder of libraries.
///
/// It runs in worker processes, so that a crash of it costs one row. Their program, `evalhost-worker`, is looked for in
/// `EVALHOST_WORKER`, beside this program, and where evalhost is installed.
public struct Plugin: SessionScorer {
    let instance: ScorerInstance

    /// Finds and loads a scorer.
    ///
    /// - Parameters:
    ///   - scorer: `scorer`, or `scorer@library` where two libraries offer it.
    ///   - folder: The folder of libraries; `EVALHOST_PLUGINS` or `./Plugins` if it is nil.
    ///   - name: The instance's own name.
    ///   - configuration: The scorer's settings.
    ///   - pass: When a row passes: `>= 0.9`.
    /// - Throws: A ``Diagnostic``: no such scorer, a library that can't be used, a wrong configuration.
    public init(
        _ scorer: String,
        in folder: String? = nil,
        name: String? = nil,
        configuration: JSON = [:],
        pass: String? = nil
    ) async throws(Diagnostic) {
        let folder = folder ?? ProcessInfo.processInfo.environment["EVALHOST_PLUGINS"] ?? "Plugins"
        let catalog = await PluginCatalog.open([folder], options: PluginOptions(hostVersion: HostVersion.current))
        var spec = try ScorerSpec(scorer)
        spec.name = name
        spec.configuration = configuration
        if let pass {
            guard let rule = PassRule(pass) else { throw Diagnostic("'\(pass)' is no rule such as '>= 0.9'") }
            spec.pass = rule
        }
        let directory = ScorerDirectory([catalog])
        let isThere = catalog.descriptors.contains { $0.name == scorer || $0.qualifiedName == scorer }
        if !isThere, let refusal = catalog.refusals.first { throw refusal }
        instance = try await directory.make(spec)
    }

    /// What the scorer says of itself.
    public var descriptor: ScorerDescriptor { instance.scorer.descriptor }

    /// Whether a row may wait on something slow.
    public var isSlow: Bool { instance.scorer.isSlow }

    /// Lets the library judge.
    public func score(_ rows: [Row]) async -> [Verdict] { await instance.scorer.score(rows) }

    /// Lets the library judge a session, where its scorer does that.
    public func score(session: Session) async -> Verdict { await instance.verdict(about: session) }
}
