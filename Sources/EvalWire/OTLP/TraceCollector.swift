// Spans of one request, sorted into their traces.

internal import EvalCore
internal import EvalJSON

/// Puts spans to their traces, in order of arrival.
struct TraceCollector: ~Copyable {
    private var translator = SpanTranslator()
    private var traces: [ReceivedTrace] = []
    private var places: [PublicID: Int] = [:]
    /// Where the last span went: most often the next one goes there too.
    private var last = 0

    /// Adds a span with what is known around it.
    mutating func add(_ wire: WireSpan, resource: JSON?, scope: String) {
        let place = place(of: wire.traceID)
        let known = KnownAttributes(wire.attributes)
        if known.tellsOfTrace { Self.tell(&traces[place], known, isRoot: wire.parentID == nil) }
        if traces[place].resource == nil { traces[place].resource = resource }
        if !scope.isEmpty, traces[place].scopeNames.last != scope, !traces[place].scopeNames.contains(scope) {
            traces[place].scopeNames.append(scope)
        }
        traces[place].spans.append(translator.span(wire, known))
    }

    /// The traces in the order of their first spans.
    consuming func finish() -> [ReceivedTrace] {
        for place in traces.indices { Self.addResource(&traces[place]) }
        return traces
    }

    private mutating func place(of id: PublicID) -> Int {
        if last < traces.count, traces[last].id == id { return last }
        if let place = places[id] {
            last = place
            return place
        }
        last = traces.count
        places[id] = last
        traces.append(ReceivedTrace(id: id, spans: []))
        return last
    }

    /// Takes the session, the user and the tags that a span tells; the first to tell a session or user counts.
    private static func tell(_ trace: inout ReceivedTrace, _ known: KnownAttributes, isRoot: Bool) {
        func add(_ key: String, _ terms: [Term]) {
            guard !trace.metadata.contains(where: { $0.key == key }) else { return }
            for term in terms {
                guard let value = known[term], value.isTelling else { continue }
                return trace.metadata.append((key, value.string ?? value.serialized))
            }
        }
        add("mlflow.trace.session", [.sessionID, .conversationID])
        add("mlflow.trace.user", [.userID])
        guard isRoot, known.hasTraceTags else { return }
        for (key, value) in known.attributes.members {
            let key = String(key)
            guard key.hasPrefix(tagPrefix) else { continue }
            trace.tags.set(String(key.dropFirst(tagPrefix.count)), to: value.string ?? value.serialized)
        }
    }

    private static let tagPrefix = "mlflow.traceTag."

    /// What is known of the program becomes tags, as in MLflow, but for its names for itself and ours.
    private static func addResource(_ trace: inout ReceivedTrace) {
        guard let resource = trace.resource else { return }
        let own = trace.tags
        trace.tags = []
        for (key, value) in resource.members {
            let key = String(key)
            if key.hasPrefix("telemetry.sdk.") || key.hasPrefix("mlflow.") { continue }
            trace.tags.set(key, to: value.string ?? value.serialized)
        }
        for (key, value) in own { trace.tags.set(key, to: value) }
    }
}

extension [(key: String, value: String)] {
    /// Sets the value of a key, which stands once.
    fileprivate mutating func set(_ key: String, to value: String) {
        if let place = firstIndex(where: { $0.key == key }) {
            self[place].value = value
        } else {
            append((key, value))
        }
    }
}
