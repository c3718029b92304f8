// A scorer as a suite or a command line asks for it: a name, its configuration, and the host's own keys.

public import EvalJSON

/// A demand for a scorer, before it is found in a catalog.
public struct ScorerSpec: Sendable {
    /// The scorer's name, possibly `scorer@library`.
    public var scorer: String
    /// The instance's own name.
    public var name: String?
    /// The configuration as given: an object.
    public var configuration: JSON
    /// When a row passes.
    public var pass: PassRule?
    /// What the report shows.
    public var aggregations: [Aggregation]?
    /// How long the scorer may take for one row.
    public var timeout: Duration?
    /// What a missing field means.
    public var onMissing: ScorerInstance.OnMissing
    /// Other fields in place of those that it reads.
    public var reads: [FieldBinding] = []
    /// Where the demand stands.
    public var location: Diagnostic.Location
    /// Where the values of its settings stand, as far as that is known.
    public var places: [String: Diagnostic.Location] = [:]

    /// The keys that belong to the host, not to the scorer.
    public static let hostKeys = ["name", "reads", "pass", "aggregations", "timeout", "on_missing"]

    /// Reads a scorer's entry: the host's keys are taken out, the rest is the scorer's configuration.
    ///
    /// - Parameters:
    ///   - scorer: The scorer's name.
    ///   - entry: An object, or null for nothing.
    ///   - location: Where the entry stands.
    /// - Throws: Which of the host's keys has a wrong value.
    public init(
        _ scorer: String,
        entry: JSON = .null,
        at location: Diagnostic.Location = .init()
    ) throws(Diagnostic) {
        self.scorer = scorer
        self.location = location
        onMissing = .error
        configuration = .object(
            entry.members.map { (String($0.key), $0.value) }.filter { !Self.hostKeys.contains($0.0) }
        )
        do throws(Diagnostic) {
            try readHostKeys(entry)
        } catch {
            throw error.located(location)
        }
    }

    private mutating func readHostKeys(_ entry: JSON) throws(Diagnostic) {
        if let value = entry["name"] {
            guard let name = value.string, Self.isInstanceName(name) else {
                throw Diagnostic("'name' must be a word without / : = , @ and white space")
            }
            self.name = name
        }
        if let value = entry["reads"] { reads = try FieldBinding.list(value) }
        if let value = entry["pass"] {
            let source = value.string ?? value.serialized
            guard let rule = source == "yes" || source == "true" ? .yes : PassRule(source) else {
                throw Diagnostic("'pass' must be a bound such as '>= 0.8', or labels separated by |")
            }
            pass = rule
        }
        if let value = entry["aggregations"] {
            aggregations = try Self.aggregations(value)
        }
        if let value = entry["timeout"] {
            guard let seconds = value.number, seconds > 0, seconds <= 86_400 else {
                throw Diagnostic("'timeout' must be a number of seconds, above 0 and at most a day")
            }
            timeout = .milliseconds(Int64(seconds * 1000))
        }
        if let value = entry["on_missing"] {
            guard let word = value.string, let choice = ScorerInstance.OnMissing(rawValue: word) else {
                throw Diagnostic("'on_missing' must be error or skip")
            }
            onMissing = choice
        }
    }

    private static func aggregations(_ value: JSON) throws(Diagnostic) -> [Aggregation] {
        let list = value.kind == .string ? [value] : value
        var result: [Aggregation] = []
        for element in list.elements {
            let word = element.string ?? element.serialized
            guard let aggregation = Aggregation(word) else {
                throw Diagnostic(
                    "unknown aggregation '\(word)'",
                    didYouMean: nearestWord(to: word, among: Aggregation.words),
                    help: "There are: \(Aggregation.words.joined(separator: ", "))."
                )
            }
            result.append(aggregation)
        }
        guard !result.isEmpty else { throw Diagnostic("'aggregations' must be a list of aggregations") }
        return result
    }

    /// Whether a word can name an instance: metric names are made of it.
    public static func isInstanceName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128
            && !name.contains { $0.isWhitespace || $0.isNewline || "/:=,@\"".contains($0) }
    }
}

/// Several catalogs as one, and the way from a name to a scorer.
public struct ScorerDirectory: Sendable {
    private let catalogs: [any ScorerCatalog]

    /// Puts catalogs together; of two scorers with one name a built-in comes first.
    public init(_ catalogs: [any ScorerCatalog]) { self.catalogs = catalogs }

    /// Every scorer, sorted by name.
    public var descriptors: [ScorerDescriptor] {
        catalogs.flatMap(\.descriptors).sorted { ($0.name, $0.qualifiedName) < ($1.name, $1.qualifiedName) }
    }

    /// The scorer of a name, `scorer` or `scorer@library`.
    ///
    /// - Throws: That there is none, with the nearest name, or that several libraries offer it.
    public func find(_ name: String) throws(Diagnostic) -> ScorerDescriptor {
        let all = descriptors
        let found = all.filter { $0.name == name || $0.qualifiedName == name }
        if let exact = found.first(where: { $0.qualifiedName == name }) { return exact }
        guard let first = found.first else {
            throw Diagnostic(
                "unknown scorer '\(name)'",
                didYouMean: nearestWord(to: name, among: all.map(\.name)),
                help: "`evalhost scorers list` names them all; `--plugins DIR` adds those of a folder."
            )
        }
        guard found.count == 1 else {
            throw Diagnostic(
                "several libraries have a scorer '\(name)'",
                help: "Name one of: \(found.map(\.qualifiedName).joined(separator: ", "))."
            )
        }
        return first
    }

    /// Makes the scorer that a demand names.
    ///
    /// - Throws: What is wrong with the demand, located where it stands.
    public func make(_ spec: ScorerSpec) async throws(Diagnostic) -> ScorerInstance {
        do throws(Diagnostic) {
            let descriptor = try find(spec.scorer)
            for binding in spec.reads { try binding.check(against: descriptor) }
            let configuration = try descriptor.resolve(spec.configuration)
            for catalog in catalogs
            where catalog.descriptors.contains(where: { $0.qualifiedName == descriptor.qualifiedName }) {
                let scorer = try await catalog.make(descriptor, configuration: configuration, timeout: spec.timeout)
                return ScorerInstance(
                    scorer,
                    name: spec.name,
                    configuration: configuration,
                    pass: spec.pass,
                    aggregations: spec.aggregations,
                    onMissing: spec.onMissing,
                    reads: spec.reads
                )
            }
            throw Diagnostic("the scorer '\(spec.scorer)' went away")
        } catch {
            guard let place = error.setting.flatMap({ spec.places[$0] }) else { throw error.located(spec.location) }
            throw error.located(place)
        }
    }

    /// Makes every scorer of a run.
    ///
    /// - Throws: What is wrong with a demand, or that two instances have one name.
    public func make(_ specs: [ScorerSpec]) async throws(Diagnostic) -> [ScorerInstance] {
        var instances: [ScorerInstance] = []
        for spec in specs {
            let instance = try await make(spec)
            if let other = instances.first(where: { $0.name == instance.name }) {
                let names = [other, instance].map(\.scorer.descriptor.qualifiedName)
                let which = names[0] == names[1] ? "" : " (\(names[0]) and \(names[1]))"
                throw Diagnostic(
                    "two scorers are called '\(instance.name)'\(which)",
                    at: spec.location,
                    help: "Give one of them a `name` of its own, or name only one."
                )
            }
            instances.append(instance)
        }
        return instances
    }
}
