// Spans of instrumented code become traces, read back from the requests that are sent.

import EvalCore
import EvalJSON
import EvalTracing
import EvalWire
import Synchronization
import Testing
import Tracing

/// Keeps requests; fails as it is told.
final class Collector: Sendable {
    private let state = Mutex<(requests: [[UInt8]], failures: [any Error])>(([], []))

    init(failures: [any Error] = []) { state.withLock { $0.failures = failures } }

    func send(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            if !state.failures.isEmpty { throw state.failures.removeFirst() }
            state.requests.append(bytes)
        }
    }

    /// The traces of each request.
    var requests: [[ReceivedTrace]] {
        get throws { try state.withLock(\.requests).map { try OTLPTraces().decode(protobuf: $0) } }
    }
}

struct Passing: Error {}

struct Headers: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}

@Suite struct EvalTracerTests {
    private func tracer(
        _ collector: Collector,
        _ limits: SpanExporter.Limits = SpanExporter.Limits()
    ) -> EvalTracer {
        EvalTracer(
            exporter: SpanExporter(resource: ["service.name": "shop"], limits: limits) { try collector.send($0) }
        )
    }

    @Test("spans within spans are a tree of one trace, with what was said of them")
    func tree() async throws {
        let collector = Collector()
        let tracer = tracer(collector)
        tracer.withSpan("ask") { span in
            span.setType(.agent)
            span.setInputs(["question": "Why?"])
            span.attributes["user.id"] = "ann"
            tracer.withSpan("look") { inner in
                inner.setType(.tool)
                inner.attributes["count"] = 3
                inner.addEvent(Tracing.SpanEvent(name: "found", attributes: ["n": 2]))
                inner.setOutputs(5)
            }
            span.setUsage(TokenUsage(inputTokens: 1, outputTokens: 2))
            span.setOutputs("So.")
        }
        await tracer.exporter.flush()
        let requests = try collector.requests
        #expect(requests.count == 1)
        let trace = try #require(requests.first?.first)
        #expect(trace.resource == ["service.name": "shop"])
        #expect(trace.metadata.map(\.value) == ["ann"])
        #expect(trace.spans.map(\.name) == ["look", "ask"])
        let (inner, outer) = (trace.spans[0], trace.spans[1])
        #expect(inner.parentID == outer.id && outer.parentID == nil)
        #expect(outer.type == .agent && outer.inputs == ["question": "Why?"] && outer.outputs == "So.")
        #expect(outer.usage == TokenUsage(inputTokens: 1, outputTokens: 2) && outer.status == .ok)
        #expect(inner.type == .tool && inner.outputs == 5 && inner.attributes == ["count": 3])
        #expect(inner.events.map(\.name) == ["found"] && inner.events[0].attributes == ["n": 2])
        #expect(outer.startNanoseconds <= inner.startNanoseconds)
        #expect(try #require(inner.endNanoseconds) <= #require(outer.endNanoseconds))
    }

    @Test("an error that is thrown fails its span, and is an event of it")
    func failure() async throws {
        let collector = Collector()
        let tracer = tracer(collector)
        #expect(throws: Passing.self) { try tracer.withSpan("ask") { _ in throw Passing() } }
        await tracer.exporter.flush()
        let span = try #require(try collector.requests.first?.first?.spans.first)
        #expect(span.status == .error)
        #expect(span.statusMessage == "Passing()")
        #expect(span.events.map(\.name) == ["exception"])
        #expect(span.events[0].attributes?["exception.type"]?.string?.hasSuffix("Passing") == true)
    }

    @Test("a trace goes on in another process")
    func processes() async throws {
        let collector = Collector()
        let tracer = tracer(collector)
        var headers: [String: String] = [:]
        let outer = tracer.startSpan("client", context: .topLevel)
        tracer.inject(outer.context, into: &headers, using: Headers())
        outer.end()
        var context = ServiceContext.topLevel
        tracer.extract(headers, into: &context, using: Headers())
        tracer.startSpan("server", context: context).end()
        await tracer.exporter.flush()
        let traces = try #require(try collector.requests.first)
        #expect(traces.count == 1)
        #expect(traces[0].spans[1].parentID == traces[0].spans[0].id)
        let parts = try #require(headers["traceparent"]).split(separator: "-").map(\.count)
        #expect(parts == [2, 32, 16, 2])
    }

    @Test(
        "a header that is malformed begins a new trace",
        arguments: [
            "", "00", "00-00000000000000000000000000000000-0000000000000001-01",
            "00-00000000000000000000000000000001-0000000000000000-01",
            "ff-\(String(repeating: "1", count: 32))-1111111111111111-01",
            "00-\(String(repeating: "A", count: 32))-1111111111111111-01",
            "00-\(String(repeating: "1", count: 32))-1111111111111111-01-x",
            "00-+\(String(repeating: "1", count: 31))-1111111111111111-01",
        ]
    )
    func malformed(_ header: String) {
        var context = ServiceContext.topLevel
        tracer(Collector()).extract(["traceparent": header], into: &context, using: Headers())
        #expect(context.isEmpty)
    }

    @Test("a trace that isn't sampled isn't sent")
    func unsampled() async throws {
        let collector = Collector()
        let tracer = tracer(collector)
        var context = ServiceContext.topLevel
        let header = "00-0102030405060708090a0b0c0d0e0f10-0102030405060708-00"
        tracer.extract(["traceparent": header], into: &context, using: Headers())
        let span = tracer.startSpan("server", context: context)
        #expect(!span.isRecording)
        span.end()
        await tracer.exporter.flush()
        #expect(try collector.requests.isEmpty)
    }

    @Test("what is set after the end is lost, and a second end does nothing")
    func ended() async throws {
        let collector = Collector()
        let tracer = tracer(collector)
        let span = tracer.startSpan("a", context: .topLevel)
        span.end()
        span.operationName = "b"
        span.setOutputs(1)
        span.end()
        await tracer.exporter.flush()
        let spans = try collector.requests.flatMap { $0 }.flatMap(\.spans)
        #expect(spans.map(\.name) == ["a"] && spans[0].outputs == nil)
    }

    @Test("links lead to spans of other traces")
    func links() async throws {
        let collector = Collector()
        let tracer = tracer(collector)
        let other = tracer.startSpan("other", context: .topLevel)
        let span = tracer.startSpan("span", context: .topLevel)
        span.addLink(other, attributes: ["why": "retry"])
        span.addLink(Tracing.SpanLink(context: .topLevel, attributes: [:]))
        span.end()
        other.end()
        await tracer.exporter.flush()
        let traces = try #require(try collector.requests.first)
        #expect(traces[0].spans[0].links.map(\.spanID) == [traces[1].spans[0].id])
        #expect(traces[0].spans[0].links[0].traceID == traces[1].id)
        #expect(traces[0].spans[0].links[0].attributes == ["why": "retry"])
    }

    @Test("spans go in batches, and wait for a server that is busy")
    func batches() async throws {
        var limits = SpanExporter.Limits()
        limits.batch = 10
        limits.interval = .seconds(3_600)
        let collector = Collector(failures: [Passing()])
        let tracer = tracer(collector, limits)
        for _ in 0..<5 { tracer.startSpan("a", context: .topLevel).end() }
        await tracer.exporter.flush()
        #expect(try collector.requests.isEmpty && tracer.exporter.lastFailure == "Passing()")
        for _ in 0..<20 { tracer.startSpan("b", context: .topLevel).end() }
        await tracer.exporter.flush()
        let requests = try collector.requests
        #expect(requests.map { $0.flatMap(\.spans).count } == [10, 10, 5])
        #expect(requests.flatMap { $0 }.flatMap(\.spans).prefix(5).allSatisfy { $0.name == "a" })
        #expect(tracer.exporter.lastFailure == nil && tracer.exporter.dropped == 0)
    }

    @Test("what is refused for good, and what is too much, is dropped and counted")
    func dropped() async throws {
        var limits = SpanExporter.Limits()
        limits.batch = 10
        limits.capacity = 10
        limits.interval = .seconds(3_600)
        let collector = Collector(failures: [SpanRefusal("no such experiment")])
        let tracer = tracer(collector, limits)
        for _ in 0..<3 { tracer.startSpan("a", context: .topLevel).end() }
        await tracer.exporter.flush()
        #expect(tracer.exporter.dropped == 3 && tracer.exporter.lastFailure == "no such experiment")
        await tracer.exporter.shutdown()
        for _ in 0..<12 { tracer.startSpan("b", context: .topLevel).end() }
        #expect(tracer.exporter.dropped == 5)
        await tracer.exporter.flush()
        #expect(try collector.requests.isEmpty)
    }

    @Test("an address that is none is refused")
    func addresses() {
        for server in ["", "localhost", "ftp://host", "http://"] {
            #expect(throws: Diagnostic.self) { try EvalTracer.bootstrap(server: server, service: "s") }
        }
    }
}
