// Attributes become what a span says in MLflow's terms: its type, what went in and came out, tokens, cost, model.
// MLflow's own attributes win over every convention, and what was sent stays as it was sent.

internal import EvalCore
internal import EvalJSON

/// Makes spans of what came.
struct SpanTranslator: ~Copyable {
    private var parser = JSONParser()

    /// Makes a span.
    ///
    /// - Parameters:
    ///   - wire: The span as it came.
    ///   - known: Its attributes, looked through.
    /// - Returns: The span in MLflow's terms.
    mutating func span(_ wire: WireSpan, _ known: KnownAttributes) -> Span {
        var span = Span(
            id: wire.id,
            parentID: wire.parentID,
            name: wire.name,
            type: .unknown,
            startNanoseconds: wire.startNanoseconds,
            endNanoseconds: wire.endNanoseconds,
            status: wire.status,
            statusMessage: wire.statusMessage,
            events: wire.events,
            links: wire.links
        )
        if let own = own(known, .spanType)?.string { span.type = SpanType(rawValue: own) }
        span.inputs = own(known, .spanInputs)
        span.outputs = own(known, .spanOutputs)
        var additions: [(Term, JSON)] = []
        let ownUsage = own(known, .tokenUsage)
        let ownCost = known[.llmCost].map { parsed($0) }
        span.usage = ownUsage.flatMap(Self.usage)
        span.costUSD = ownCost.flatMap(Self.cost)
        if known.present & Convention.allTerms != 0 || known.hasLiveKit || known.hasIndexed || !wire.events.isEmpty {
            translate(known, into: &span, hasUsage: ownUsage != nil, additions: &additions)
        }
        if known.present & Term.llmModel.bit == 0, !additions.contains(where: { $0.0 == .llmModel }),
            let model = (span.inputs?[key: "model"] ?? span.outputs?[key: "model"]), model.kind == .string,
            model.isTelling
        {
            additions.append((.llmModel, model))
        }
        span.attributes = rest(known, usage: ownUsage, cost: ownCost, additions)
        return span
    }

    /// Adds what the conventions tell and MLflow's own attributes don't.
    private mutating func translate(
        _ known: KnownAttributes,
        into span: inout Span,
        hasUsage: Bool,
        additions: inout [(Term, JSON)]
    ) {
        if span.type == .unknown, let type = conventionalType(known) { span.type = type }
        var isVercelChat = false
        if known.present & Term.spanInputs.bit == 0 {
            span.inputs =
                conventionalInput(known, &isVercelChat) ?? eventInput(known, span.events) ?? indexedInput(known)
        }
        if known.present & Term.spanOutputs.bit == 0 {
            span.outputs = conventionalOutput(known) ?? eventOutput(known, span.events) ?? indexedOutput(known)
        }
        if !hasUsage, let (usage, details) = conventionalUsage(known) {
            span.usage = usage
            if let details { additions.append((.tokenUsage, details)) }
        }
        func add(_ term: Term, _ value: JSON?) {
            if known.present & term.bit == 0, let value { additions.append((term, value)) }
        }
        add(.messageFormat, isVercelChat ? "vercel_ai" : conventionalFormat(known))
        add(.chatTools, conventionalTools(known))
        add(.llmModel, conventionalModel(known))
        add(.llmProvider, conventionalProvider(known))
    }

    /// One of MLflow's own values; nil where it isn't there.
    private mutating func own(_ known: KnownAttributes, _ term: Term) -> JSON? { known[term].map { unwrapped($0) } }

    /// What a text of JSON holds, if that is a list, an object or a text; else the value itself.
    ///
    /// MLflow's tracers and others put structured values into texts.
    mutating func unwrapped(_ value: JSON) -> JSON {
        guard let text = value.text,
            let first = text.first(where: { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "\"")
        else { return value }
        return parser.value(of: text) ?? value
    }

    /// The value of a text of JSON, whatever it is, else the value itself.
    mutating func parsed(_ value: JSON) -> JSON { value.text.flatMap { parser.value(of: $0) } ?? value }

    /// The first of some attributes that says anything.
    mutating func telling(_ known: KnownAttributes, _ terms: [Term]) -> JSON? {
        for term in terms {
            guard let value = known[term] else { continue }
            let inner = unwrapped(value)
            if inner.isTelling { return inner }
        }
        return nil
    }

    /// The attributes that no other part of the span holds.
    private mutating func rest(
        _ known: KnownAttributes,
        usage: JSON?,
        cost: JSON?,
        _ additions: [(Term, JSON)]
    ) -> JSON? {
        if !known.hasOwn, additions.isEmpty { return known.attributes.unlessEmpty }
        var builder = JSONBuilder(values: 32, bytes: 1_024)
        builder.beginObject()
        var entries = known.entries[...]
        var place = 0
        for (key, value) in known.attributes.members {
            var term: Term?
            if entries.first?.place == place { term = entries.removeFirst().term }
            place += 1
            switch term {
            case .traceRequestID, .spanInputs, .spanOutputs, .spanType: continue
            case .tokenUsage: if usage.map(Self.isPlain) == true { continue }
            case .llmCost: if cost?.number != nil { continue }
            default: break
            }
            builder.key(key)
            builder.append(key.starts(with: Self.prefix) ? unwrapped(value) : value)
        }
        for (term, value) in additions {
            builder.key(term.key)
            builder.append(value)
        }
        builder.endObject()
        return builder.finish().unlessEmpty
    }

    private static let prefix = Array("mlflow.".utf8)
}
