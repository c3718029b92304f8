// Spans of one request, sorted into their traces.

internal import EvalCore
internal import EvalJSON

/// Puts spans to their traces, in order of arrival.
struct TraceCollector: ~Copyable {
    /// What is known of one trace so far.
    private struct Entry {
        let id: PublicID
        var spans: [Span] = []
        var resource: JSON?
        var scopes = OrderedTexts()
        var tags = OrderedTexts()
        var metadata: [(key: String, value: String)] = []
    }

    private var translator = SpanTranslator()
    private var traces: [Entry] = []
    private var places: [PublicID: Int] = [:]
    /// Where the last span went: most often the next one goes there too.
    private var last = 0

    /// Adds a span with what is known around it.
    mutating func add(_ wire: WireSpan, resource: JSON?, scope: String) {
        let place = place(of: wire.traceID)
        let known = KnownAttributes(wire.attributes)
        if known.tellsOfTrace { Self.tell(&traces[place], known, isRoot: wire.parentID == nil) }
        if traces[place].resource == nil { traces[place].resource = resource }
        if !scope.isEmpty, traces[place].scopes.last != scope { traces[place].scopes.set(scope, to: "") }
        traces[place].spans.append(translator.span(wire, known))
    }

    /// The traces in the order of their first spans.
    consuming func finish() -> [ReceivedTrace] {
        traces.map { entry in
            ReceivedTrace(
                id: entry.id,
                spans: entry.spans,
                resource: entry.resource,
                scopeNames: entry.scopes.members.map(\.key),
                tags: Self.tags(entry),
                metadata: entry.metadata
            )
        }
    }

    private mutating func place(of id: PublicID) -> Int {
        if last < traces.count, traces[last].id == id { return last }
        if let place = places[id] {
            last = place
            return place
        }
        last = traces.count
        places[id] = last
        traces.append(Entry(id: id))
        return last
    }

    /// Takes the session, the user and the tags that a span tells; the first to tell a session or user counts.
    private static func tell(_ trace: inout Entry, _ known: KnownAttributes, isRoot: Bool) {
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

    /// The root's tags, and what is known of the program, as in MLflow, but for its names for itself and ours.
    private static func tags(_ entry: Entry) -> [(key: String, value: String)] {
        guard let resource = entry.resource else { return entry.tags.members }
        var tags = OrderedTexts()
        for (key, value) in resource.members {
            let key = String(key)
            if key.hasPrefix("telemetry.sdk.") || key.hasPrefix("mlflow.") { continue }
            tags.set(key, to: value.string ?? value.serialized)
        }
        for (key, value) in entry.tags.members { tags.set(key, to: value) }
        return tags.members
    }
}

/// Texts by keys that stand once, in the order in which they came; however many there are, each costs the same.
struct OrderedTexts {
    private(set) var members: [(key: String, value: String)] = []
    private var places: [String: Int] = [:]

    /// The key that came last.
    var last: String? { members.last?.key }

    /// Sets the value of a key.
    mutating func set(_ key: String, to value: String) {
        if let place = places[key] {
            members[place].value = value
        } else {
            places[key] = members.count
            members.append((key, value))
        }
    }
}
