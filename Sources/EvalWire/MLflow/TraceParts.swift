// From what a request brought to what is kept of a trace.

public import EvalCore
internal import EvalJSON

/// What spans tell of their trace, for a store that puts traces together from parts.
public enum TraceParts {
    /// MLflow's tag that says that spans are kept where the trace is.
    public static let spansLocation = (key: "mlflow.trace.spansLocation", value: "TRACKING_STORE")
    /// MLflow's metadata that says that the sender told all about the trace.
    public static let finalized = "mlflow.trace.infoFinalized"

    /// What tokens of a model cost, in US dollars; nil where nobody knows.
    public typealias Price = @Sendable (_ usage: TokenUsage, _ model: String, _ provider: String?) -> Double?

    /// The part of a trace that came by OTLP; a step that tells its tokens and not what they cost is priced.
    public static func part(_ received: ReceivedTrace, experiment: Int64, price: Price) -> TracePart {
        var received = received
        for place in received.spans.indices {
            let span = received.spans[place]
            guard let usage = span.usage, span.costUSD == nil, span.attributes?[Term.llmCost.key] == nil,
                let model = span.attributes?[Term.llmModel.key]?.string
            else { continue }
            let provider = span.attributes?[Term.llmProvider.key]?.string
            received.spans[place].costUSD = price(usage, model, provider)
        }
        var info = TraceRollup(received.spans).info(id: received.id, experimentID: experiment, tags: received.tags)
        info.metadata = joined(info.metadata, received.metadata)
        return TracePart(info: info, spans: received.spans)
    }

    /// The part that says all about a trace, without its spans.
    public static func final(_ info: TraceInfo) -> TracePart {
        var info = info
        info.metadata = joined(info.metadata, [(finalized, "true")])
        return TracePart(info: info, spans: [], isFinal: true)
    }

    /// What is known of a trace once these are all of its spans that came.
    public static let summary: TraceSummary = { known, spans in
        let rollup = TraceRollup(spans)
        let told = rollup.info(id: known.id, experimentID: known.experimentID)
        var info = known
        info.state = told.state
        info.requestTimeMilliseconds = told.requestTimeMilliseconds
        info.durationMilliseconds = told.durationMilliseconds
        info.requestPreview = told.requestPreview ?? known.requestPreview
        info.responsePreview = told.responsePreview ?? known.responsePreview
        info.tags = joined(known.tags, pairs(told.tags), replacing: false)
        info.metadata = joined(known.metadata, rollup.metadata)
        return info
    }

    /// A trace as clients of MLflow see it: what an evaluation kept is summed up from its spans.
    public static func shown(_ trace: StoredTrace) -> TraceInfo {
        var info = trace.info
        if info.requestPreview == nil, info.metadata?[finalized] == nil, let spans = trace.spans, !spans.isEmpty {
            let state = info.state
            let time = (info.requestTimeMilliseconds, info.durationMilliseconds)
            info = summary(info, spans)
            if state != .inProgress { info.state = state }
            (info.requestTimeMilliseconds, info.durationMilliseconds) = (time.0, time.1 ?? info.durationMilliseconds)
        }
        info.tags = joined(info.tags, [spansLocation])
        return info
    }

    private static func pairs(_ json: JSON?) -> [(key: String, value: String)] {
        (json?.members ?? JSON.null.members).compactMap { key, value in value.string.map { (String(key), $0) } }
    }

    private static func joined(
        _ json: JSON?,
        _ more: [(key: String, value: String)],
        replacing: Bool = true
    ) -> JSON? {
        if more.isEmpty { return json }
        var members = (json?.members ?? JSON.null.members).map { (String($0.key), $0.value) }
        for (key, value) in more {
            if let place = members.firstIndex(where: { $0.0 == key }) {
                if replacing { members[place].1 = JSON(value) }
            } else {
                members.append((key, JSON(value)))
            }
        }
        return .object(members)
    }
}
