// What reports know of a scorer, whether it just ran or its run was stored long ago.

public import EvalCore
public import EvalJSON

/// A scorer as reports show it.
public struct ScorerFacts: Sendable {
    /// The instance's name.
    public var name: String
    /// The scorer's name, with its library where it comes from one.
    public var scorer: String
    /// The version of what computed the values.
    public var version: String?
    /// The unit of a measure.
    public var unit: String?
    /// The least and the greatest value; 0...1 for truth values and yes or no; nil where nobody knows.
    public var range: ClosedRange<Double>?
    /// Whether a lower value is the better one; nil where nobody knows.
    public var lowerIsBetter: Bool?
    /// When a row passes.
    public var pass: PassRule?
    /// Whether the values are text that is not aggregated.
    public var isTextual: Bool
    /// The configuration: an object.
    public var configuration: JSON
    /// What it judges at a time.
    public var scope: ScorerScope

    /// Makes facts.
    public init(
        name: String,
        scorer: String? = nil,
        version: String? = nil,
        unit: String? = nil,
        range: ClosedRange<Double>? = nil,
        lowerIsBetter: Bool? = nil,
        pass: PassRule? = nil,
        isTextual: Bool = false,
        configuration: JSON = [:],
        scope: ScorerScope = .row
    ) {
        self.name = name
        self.scorer = scorer ?? name
        self.version = version
        self.unit = unit
        self.range = range
        self.lowerIsBetter = lowerIsBetter ?? pass?.lowerIsBetter
        self.pass = pass
        self.isTextual = isTextual
        self.configuration = configuration
        self.scope = scope
    }

    /// The facts of a scorer that ran.
    public init(_ instance: ScorerInstance) {
        let descriptor = instance.scorer.descriptor
        self.init(
            name: instance.name,
            scorer: descriptor.qualifiedName,
            version: descriptor.version,
            unit: descriptor.unit,
            range: descriptor.valueRange,
            lowerIsBetter: descriptor.lowerIsBetter,
            pass: instance.pass,
            isTextual: descriptor.isTextual(pass: instance.pass, aggregations: instance.aggregations),
            configuration: instance.configuration,
            scope: descriptor.scope
        )
    }

    /// The facts of a scorer of a stored run.
    ///
    /// - Parameters:
    ///   - record: What the store keeps.
    ///   - descriptor: The scorer as it is today. Without one there is no unit and no range, and which direction is the
    ///     better one is known from the pass rule only.
    public init(_ record: ScorerRecord, descriptor: ScorerDescriptor? = nil) {
        let kept = record.provenance
        let pass = kept["pass"]?.string.flatMap { $0 == "yes" ? .yes : PassRule($0) }
        let aggregations = kept["aggregations"].map { $0.elements.compactMap { $0.string.flatMap(Aggregation.init) } }
        self.init(
            name: record.name,
            scorer: kept["scorer"]?.string,
            version: kept["version"]?.string,
            unit: descriptor?.unit,
            range: descriptor?.valueRange,
            lowerIsBetter: descriptor?.lowerIsBetter,
            pass: pass,
            isTextual: descriptor?.isTextual(pass: pass, aggregations: aggregations ?? [.mean]) ?? false,
            configuration: kept["configuration"] ?? [:],
            scope: record.scope
        )
    }
}

extension ScorerDescriptor {
    /// The range of the values, which truth values need not declare; nil if it has no end.
    var valueRange: ClosedRange<Double>? {
        switch value {
        case .boolean, .yesNo: 0...1
        default:
            range.flatMap { $0.lowerBound.isFinite && $0.upperBound.isFinite && !$0.isEmpty ? $0 : nil }
        }
    }

    /// Whether the values have no mean and no rule that counts them.
    func isTextual(pass: PassRule?, aggregations: [Aggregation]) -> Bool {
        switch value {
        case .text, .object: true
        case .category: pass == nil && aggregations == [.mean]
        default: false
        }
    }
}

extension PassRule {
    /// Whether the rule wants low values; nil for rules without a direction.
    var lowerIsBetter: Bool? {
        switch self {
        case .yes: false
        case .labels: nil
        case .bound(let bound):
            switch bound.comparison {
            case .atLeast, .above: false
            case .atMost, .below: true
            case .equal, .unequal: nil
            }
        }
    }
}

extension Metric {
    /// The name of the scorer, which is the first part.
    var scorer: String { String(name.prefix { $0 != "/" }) }

    /// The aggregation; a label may have a `/` in it.
    var aggregation: Aggregation? { Self.aggregation(of: name) }

    /// The aggregation of a metric's name.
    static func aggregation(of name: String) -> Aggregation? {
        var rest = name[...]
        while let slash = rest.firstIndex(of: "/") {
            rest = rest[rest.index(after: slash)...]
            if let aggregation = Aggregation(String(rest)) { return aggregation }
        }
        return nil
    }
}

extension Aggregation {
    /// Whether metrics of this kind have intervals.
    var canHaveInterval: Bool {
        switch self {
        case .mean, .median, .p90, .passRate, .share, .passAtLeastOnce, .passAlways: true
        case .min, .max, .variance, .scored, .errors, .standardError: false
        }
    }

    /// Whether the number is a share of rows or records.
    var isShare: Bool {
        switch self {
        case .passRate, .share, .passAtLeastOnce, .passAlways: true
        default: false
        }
    }

    /// Whether the number has the unit of the values.
    var hasUnit: Bool {
        switch self {
        case .mean, .min, .max, .median, .p90, .standardError: true
        default: false
        }
    }
}
