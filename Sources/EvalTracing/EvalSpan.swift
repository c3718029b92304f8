// A span that runs. It may be used from several tasks; what is set after its end is lost, as OpenTelemetry says.

public import EvalCore
public import EvalJSON
internal import Synchronization
public import Tracing

/// A span that runs, or that ended.
public final class EvalSpan: Tracing.Span {
    fileprivate struct State {
        var name: String
        var type = SpanType.unknown
        var inputs: JSON?
        var outputs: JSON?
        var usage: TokenUsage?
        var attributes: SpanAttributes = [:]
        var status: EvalCore.SpanStatus = .unset
        var statusMessage: String?
        var events: [EvalCore.SpanEvent] = []
        var links: [EvalCore.SpanLink] = []
        var isEnded = false
    }

    /// The context of work within the span.
    public let context: ServiceContext
    /// Whether anything is kept of the span.
    public let isRecording: Bool
    private let place: TraceParent
    private let parentID: UInt64?
    private let startNanoseconds: Int64
    private let onEnd: @Sendable (EvalCore.Span, PublicID) -> Void
    private let state: Mutex<State>

    init(
        _ name: String,
        context: ServiceContext,
        place: TraceParent,
        parentID: UInt64?,
        startNanoseconds: UInt64,
        onEnd: @escaping @Sendable (EvalCore.Span, PublicID) -> Void
    ) {
        var context = context
        context.traceParent = place
        self.context = context
        self.place = place
        self.parentID = parentID
        self.startNanoseconds = Int64(clamping: startNanoseconds)
        self.onEnd = onEnd
        isRecording = place.isSampled
        state = Mutex(State(name: name))
    }

    /// What the step is called.
    public var operationName: String {
        get { state.withLock(\.name) }
        set { change { $0.name = newValue } }
    }

    /// What is known of the step.
    public var attributes: SpanAttributes {
        get { state.withLock(\.attributes) }
        set { change { $0.attributes = newValue } }
    }

    /// Sets how the step ended; what was said of it stays where nothing new is said.
    public func setStatus(_ status: Tracing.SpanStatus) {
        change { state in
            state.status = status.code == .error ? .error : .ok
            state.statusMessage = status.message ?? state.statusMessage
        }
    }

    /// Adds something that happened.
    public func addEvent(_ event: Tracing.SpanEvent) {
        let event = EvalCore.SpanEvent(
            name: event.name,
            timestampNanoseconds: Int64(clamping: event.nanosecondsSinceEpoch),
            attributes: event.attributes.json
        )
        change { $0.events.append(event) }
    }

    /// Adds an error as OpenTelemetry's `exception`, and lets the step fail unless its status is set.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - attributes: What else is known of it.
    ///   - instant: When it happened.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error,
        attributes: SpanAttributes,
        at instant: @autoclosure () -> Instant
    ) {
        var attributes = attributes
        attributes["exception.type"] = String(reflecting: type(of: error))
        attributes["exception.message"] = String(describing: error)
        addEvent(Tracing.SpanEvent(name: "exception", at: instant(), attributes: attributes))
        change { state in
            guard state.status == .unset else { return }
            state.status = .error
            state.statusMessage = String(describing: error)
        }
    }

    /// Adds a span elsewhere that this one has to do with; one that isn't ours is left out.
    public func addLink(_ link: Tracing.SpanLink) {
        guard let place = link.context.traceParent else { return }
        let link = EvalCore.SpanLink(traceID: place.traceID, spanID: place.spanID, attributes: link.attributes.json)
        change { $0.links.append(link) }
    }

    /// Ends the step; a second end does nothing.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let ended: State? = state.withLock { state in
            if state.isEnded { return nil }
            state.isEnded = true
            return state
        }
        guard let ended, isRecording else { return }
        let span = EvalCore.Span(
            id: place.spanID,
            parentID: parentID,
            name: ended.name,
            type: ended.type,
            startNanoseconds: startNanoseconds,
            endNanoseconds: Int64(clamping: instant().nanosecondsSinceEpoch),
            status: ended.status == .unset ? .ok : ended.status,
            statusMessage: ended.statusMessage,
            inputs: ended.inputs,
            outputs: ended.outputs,
            attributes: ended.attributes.json,
            events: ended.events,
            links: ended.links,
            usage: ended.usage
        )
        onEnd(span, place.traceID)
    }

    fileprivate func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            if !state.isEnded { body(&state) }
        }
    }
}

// MLflow's words for spans of this tracer; those of others let them pass.
extension Tracing.Span {
    /// Says what kind of step the span is.
    public func setType(_ type: SpanType) { (self as? EvalSpan)?.change { $0.type = type } }

    /// Says what went in.
    public func setInputs(_ inputs: JSON) { (self as? EvalSpan)?.change { $0.inputs = inputs } }

    /// Says what came out.
    public func setOutputs(_ outputs: JSON) { (self as? EvalSpan)?.change { $0.outputs = outputs } }

    /// Says how many tokens a model took.
    public func setUsage(_ usage: TokenUsage) { (self as? EvalSpan)?.change { $0.usage = usage } }
}
