// Where scorers are found by name, and what the loop is given: a scorer with its name, rule and provenance.

public import EvalJSON

/// A set of scorers that can be made by name: the built-ins, the plugins of a folder.
public protocol ScorerCatalog: Sendable {
    /// What there is, sorted by name.
    var descriptors: [ScorerDescriptor] { get }

    /// Makes a scorer.
    ///
    /// - Parameters:
    ///   - descriptor: One of ``descriptors``.
    ///   - configuration: An object that the descriptor's settings resolved.
    ///   - timeout: How long it may take for one row; nil for the default of its kind.
    /// - Returns: The scorer.
    /// - Throws: What is wrong with the configuration or the library.
    func make(
        _ descriptor: ScorerDescriptor,
        configuration: JSON,
        timeout: Duration?
    ) async throws(Diagnostic) -> any Scorer
}

extension ScorerCatalog {
    /// Makes a scorer with the default time for a row.
    public func make(_ descriptor: ScorerDescriptor, configuration: JSON) async throws(Diagnostic) -> any Scorer {
        try await make(descriptor, configuration: configuration, timeout: nil)
    }
}

/// A scorer as one run uses it.
public struct ScorerInstance: Sendable {
    /// What a missing field means.
    public enum OnMissing: String, Sendable, CaseIterable {
        case error
        case skip
    }

    /// The name of its feedback and metrics.
    public let name: String
    /// What judges.
    public let scorer: any Scorer
    /// The resolved configuration: an object.
    public let configuration: JSON
    /// When a row passes.
    public let pass: PassRule?
    /// What the report shows.
    public let aggregations: [Aggregation]
    /// What a missing field means.
    public let onMissing: OnMissing
    /// Other fields in place of those that the scorer reads.
    public let reads: [FieldBinding]

    /// Makes an instance; what is not given comes from the scorer's descriptor.
    public init(
        _ scorer: any Scorer,
        name: String? = nil,
        configuration: JSON = [:],
        pass: PassRule? = nil,
        aggregations: [Aggregation]? = nil,
        onMissing: OnMissing = .error,
        reads: [FieldBinding] = []
    ) {
        let descriptor = scorer.descriptor
        self.name = name ?? descriptor.name
        self.scorer = scorer
        self.configuration = configuration
        self.pass = pass ?? descriptor.pass
        let declared = descriptor.aggregations.isEmpty ? [.mean] : descriptor.aggregations
        self.aggregations = aggregations ?? declared
        self.onMissing = onMissing
        self.reads = reads
    }

    /// The aggregations of its own feedback in a run: those that were asked for, a pass rate where there is a rule, and
    /// with repetitions how likely one or all of them pass.
    public func reported(repeats: Int) -> [Aggregation] {
        var list = aggregations
        guard pass != nil else { return list }
        var derived: [Aggregation] = [.passRate]
        if repeats > 1 { derived += [.passAtLeastOnce(repeats), .passAlways(repeats)] }
        for aggregation in derived where !list.contains(aggregation) { list.append(aggregation) }
        return list
    }

    /// The names of the metrics that it can have in a run.
    public func metricNames(repeats: Int) -> [String] {
        reported(repeats: repeats).map { "\(name)/\($0)" }
            + scorer.descriptor.feedbacks.map { "\(name)/\($0.name)/mean" }
    }

    /// What a run keeps of it, and what `--resume` compares.
    public var provenance: JSON {
        var members: [(String, JSON)] = [
            ("name", JSON(name)),
            ("scorer", JSON(scorer.descriptor.qualifiedName)),
            ("version", JSON(scorer.descriptor.version)),
            ("configuration", configuration),
            ("aggregations", .array(aggregations.map { JSON($0.description) })),
            ("on_missing", JSON(onMissing.rawValue)),
        ]
        if !reads.isEmpty { members.append(("reads", FieldBinding.json(reads))) }
        if let pass { members.append(("pass", JSON(pass.description))) }
        if case .plugin(_, let version, let digest) = scorer.descriptor.origin {
            members.append(("library_version", JSON(version)))
            members.append(("library_sha256", JSON(digest.description)))
        }
        return .object(members)
    }
}
