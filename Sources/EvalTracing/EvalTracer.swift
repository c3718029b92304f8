// A backend of swift-distributed-tracing: spans of an instrumented program become traces of an evalhost or MLflow server.

internal import EvalCore
public import Tracing

/// Makes spans, and hands those that ended to an exporter.
///
///     let tracing = EvalTracer.bootstrap(server: "http://127.0.0.1:5000", experimentID: "1", service: "shop")
///     …
///     await tracing.shutdown()
public struct EvalTracer: Tracer {
    /// What becomes of spans that ended.
    public let exporter: SpanExporter

    /// Makes a tracer.
    public init(exporter: SpanExporter) { self.exporter = exporter }

    /// Starts a span within the context's one, if there is one, else the root of a new trace.
    ///
    /// - Parameters:
    ///   - operationName: What the step is called.
    ///   - context: Where the step belongs.
    ///   - kind: Not kept.
    ///   - instant: When it starts.
    ///   - function: Not kept.
    ///   - fileID: Not kept.
    ///   - line: Not kept.
    /// - Returns: The span.
    public func startSpan<Instant: TracerInstant>(
        _ operationName: String,
        context: @autoclosure () -> ServiceContext,
        ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant,
        function: String,
        file fileID: String,
        line: UInt
    ) -> EvalSpan {
        let context = context()
        let parent = context.traceParent
        let exporter = exporter
        return EvalSpan(
            operationName,
            context: context,
            place: TraceParent(
                traceID: parent?.traceID ?? .make(),
                spanID: .random(in: 1 ... .max),
                isSampled: parent?.isSampled ?? true
            ),
            parentID: parent?.spanID,
            startNanoseconds: instant().nanosecondsSinceEpoch,
            onEnd: { exporter.add($0, traceID: $1) }
        )
    }

    /// Begins to send what ended so far; it doesn't wait.
    public func forceFlush() { exporter.flushSoon() }

    /// Takes the span of another process from its request.
    ///
    /// - Parameters:
    ///   - carrier: The request.
    ///   - context: Where the span goes.
    ///   - extractor: Reads the request's headers.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier,
        into context: inout ServiceContext,
        using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let text = extractor.extract(key: TraceParent.header, from: carrier) else { return }
        if let parent = TraceParent(text) { context.traceParent = parent }
    }

    /// Tells another process the current span.
    ///
    /// - Parameters:
    ///   - context: Where the span is.
    ///   - carrier: The request.
    ///   - injector: Writes the request's headers.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext,
        into carrier: inout Carrier,
        using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let place = context.traceParent else { return }
        injector.inject(place.text, forKey: TraceParent.header, into: &carrier)
    }
}
