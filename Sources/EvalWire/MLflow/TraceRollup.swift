// What the spans of a trace tell of the whole, as MLflow's server sums up a trace that came by OTLP alone. It takes all
// spans that are known so far; sizes (`mlflow.trace.sizeStats`) are told by MLflow's client only.

public import EvalCore
public import EvalJSON

/// What the spans that are known so far tell of their trace.
public struct TraceRollup: Sendable {
    /// How the root ended; in progress while there is no root.
    public var state: TraceState
    /// When the earliest span began, in milliseconds since 1970.
    public var requestTimeMilliseconds: Int64
    /// From the earliest beginning to the latest end, in milliseconds; nil where no span ended.
    public var durationMilliseconds: Int64?
    /// The root's name.
    public var name: String?
    /// The beginning of what went into the root.
    public var requestPreview: String?
    /// The beginning of what came out of the root.
    public var responsePreview: String?
    /// Session, user, tokens and cost, as far as spans tell them.
    public var metadata: [(key: String, value: String)]

    /// Sums spans up.
    ///
    /// - Parameter spans: All spans of the trace that are known, in the order in which they came.
    public init(_ spans: [Span]) {
        let root = spans.first { $0.parentID == nil }
        state = root.map { $0.status == .error ? .error : .ok } ?? .inProgress
        let start = Self.milliseconds(spans.lazy.map(\.startNanoseconds).min() ?? 0)
        requestTimeMilliseconds = start
        let end = spans.lazy.compactMap(\.endNanoseconds).max()
        durationMilliseconds = end.map { max(0, Self.milliseconds($0) - start) }
        name = root?.name
        requestPreview = root?.inputs.flatMap { Preview.text($0, role: "user") }
        responsePreview = root?.outputs.flatMap { Preview.text($0, role: "assistant") }
        metadata = []
        add("mlflow.trace.session", Self.first([.sessionID, .conversationID], of: spans))
        add("mlflow.trace.user", Self.first([.userID], of: spans))
        add(
            "mlflow.trace.tokenUsage",
            Self.sum(spans, Self.usage(of:), Self.usageKeys, always: Set(Self.usageKeys.prefix(3)))
        )
        add("mlflow.trace.cost", Self.sum(spans, Self.cost(of:), Self.costKeys, always: ["total_cost"]))
    }

    /// The trace's info by its spans alone.
    ///
    /// - Parameters:
    ///   - id: The trace's identifier.
    ///   - experimentID: The experiment that it is kept in.
    ///   - tags: Tags of the trace, besides its name.
    /// - Returns: The info.
    public func info(
        id: PublicID,
        experimentID: Int64,
        tags: [(key: String, value: String)] = []
    ) -> TraceInfo {
        var all = tags
        if let name, !all.contains(where: { $0.key == "mlflow.traceName" }) { all.append(("mlflow.traceName", name)) }
        return TraceInfo(
            id: id,
            experimentID: experimentID,
            state: state,
            requestTimeMilliseconds: requestTimeMilliseconds,
            durationMilliseconds: durationMilliseconds,
            requestPreview: requestPreview,
            responsePreview: responsePreview,
            tags: JSON.object(all.map { ($0.key, JSON($0.value)) }).unlessEmpty,
            metadata: JSON.object(metadata.map { ($0.key, JSON($0.value)) }).unlessEmpty
        )
    }

    private mutating func add(_ key: String, _ value: String?) {
        if let value { metadata.append((key, value)) }
    }

    private static func milliseconds(_ nanoseconds: Int64) -> Int64 { nanoseconds / 1_000_000 }

    /// The first span's attribute that says something.
    private static func first(_ terms: [Term], of spans: [Span]) -> String? {
        for span in spans {
            guard let attributes = span.attributes else { continue }
            for term in terms {
                if let value = attributes[term.key], value.isTelling { return value.string ?? value.serialized }
            }
        }
        return nil
    }
}

// Sums over the tree
extension TraceRollup {
    private static let usageKeys = [
        "input_tokens", "output_tokens", "total_tokens", "cache_read_input_tokens", "cache_creation_input_tokens",
        "cache_creation_input_tokens_above_1hr",
    ]
    private static let costKeys = ["input_cost", "output_cost", "total_cost"]

    private static func usage(of span: Span) -> JSON? {
        if let own = span.attributes?[Term.tokenUsage.key], own.kind == .object { return own }
        return span.usage?.wire
    }

    private static func cost(of span: Span) -> JSON? {
        if let own = span.attributes?[Term.llmCost.key], own.kind == .object { return own }
        return span.costUSD.map { ["total_cost": JSON($0)] }
    }

    /// The sum of what spans tell; nil where no span tells.
    ///
    /// A span that tells counts for all below it.
    private static func sum(_ spans: [Span], _ value: (Span) -> JSON?, _ keys: [String], always: Set<String>) -> String?
    {
        let values = spans.map(value)
        let told = values.indices.filter { values[$0] != nil }
        if told.isEmpty { return nil }
        let isBelow = SpanTree(spans).areBelow { values[$0] != nil }
        var members: [(String, JSON)] = []
        let counted = told.filter { !isBelow[$0] }.compactMap { values[$0] }
        for key in keys {
            let parts = counted.compactMap { $0[key] }
            if parts.isEmpty, !always.contains(key) { continue }
            let whole = parts.compactMap(\.integer)
            if whole.count == parts.count {
                members.append((key, JSON(whole.reduce(0, &+))))
            } else {
                members.append((key, JSON(parts.compactMap(\.number).reduce(0, +))))
            }
        }
        return PythonText.of(.object(members))
    }
}

/// Which spans are below which.
private struct SpanTree {
    /// The place of each span's parent; nil for those that have none among the spans.
    private let parents: [Int?]

    init(_ spans: [Span]) {
        let places = Dictionary(zip(spans.map(\.id), spans.indices), uniquingKeysWith: { first, _ in first })
        parents = spans.map { span in span.parentID.flatMap { places[$0] } }
    }

    private enum Answer { case unknown, asked, no, yes }

    /// For each span whether one above it satisfies a condition; for spans that are above themselves it is so.
    ///
    /// Each span is asked once, however deep the tree is.
    func areBelow(where condition: (Int) -> Bool) -> [Bool] {
        var answers = [Answer](repeating: .unknown, count: parents.count)
        var path: [Int] = []
        for start in parents.indices {
            var next: Int? = start
            while let place = next, answers[place] == .unknown {
                answers[place] = .asked
                path.append(place)
                next = parents[place]
            }
            while let place = path.popLast() {
                guard let parent = parents[place] else {
                    answers[place] = .no
                    continue
                }
                answers[place] = answers[parent] == .no && !condition(parent) ? .no : .yes
            }
        }
        return answers.map { $0 == .yes }
    }
}
