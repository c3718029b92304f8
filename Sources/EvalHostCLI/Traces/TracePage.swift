// One trace with everything that is known of it, for the terminal and for programs.

internal import EvalCore
internal import EvalJSON
internal import EvalReports

/// A trace for the terminal and for programs.
enum TracePage {
    static func text(_ record: TraceRecord, runs: [PublicID]) -> String {
        let trace = record.trace
        var lines = [
            "\(trace.id.traceID)  \(trace.state.rawValue)  \(Times.local(trace.requestTimeMilliseconds))  "
                + "\(trace.durationMilliseconds.map { "\($0) ms" } ?? "not measured")  \(record.experiment)"
        ]
        if let session = trace.sessionID { lines.append("session \(Printable.line(session))") }
        if let took = consumption(trace.tokenUsage, trace.costUSD) { lines.append(took) }
        for run in runs { lines.append("run \(run.hexadecimal)") }
        if let tags = trace.tags { lines.append("tags \(tags)") }
        if let metadata = trace.metadata { lines.append("metadata \(metadata)") }
        for (span, depth) in tree(trace.spans) { lines += self.lines(span, depth, of: trace) }
        lines += record.assessments.map(line)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(_ span: Span, _ depth: Int, of trace: Trace) -> [String] {
        let indent = String(repeating: "  ", count: depth)
        let message = span.statusMessage.map { ": \(Printable.line($0))" } ?? ""
        var head =
            "\(indent)\(Printable.line(span.type.rawValue)) \(Printable.line(span.name))  \(span.status.rawValue)\(message)"
        if let end = span.endNanoseconds {
            head += "  \((max(0, end - span.startNanoseconds) + 500_000) / 1_000_000) ms"
        }
        // The first line has the whole already.
        if depth > 0, let took = consumption(span.usage, span.costUSD) { head += "  \(took)" }
        head += "  \(hexadecimal(span.id))"
        var lines = [head]
        if let inputs = span.inputs { lines.append("\(indent)  in   \(inputs)") }
        if let outputs = span.outputs { lines.append("\(indent)  out  \(outputs)") }
        for event in span.events {
            let after = max(0, event.timestampNanoseconds - span.startNanoseconds) / 1_000_000
            let details = event.attributes.map { " \($0)" } ?? ""
            lines.append("\(indent)  event \(Printable.line(event.name)) after \(after) ms\(details)")
        }
        for link in span.links {
            let details = link.attributes.map { " \($0)" } ?? ""
            lines.append("\(indent)  link to \(link.traceID.traceID) \(hexadecimal(link.spanID))\(details)")
        }
        return lines
    }

    /// `120 tokens (100 in, 20 out), 0.0012 USD`; nil where nobody measured.
    private static func consumption(_ usage: TokenUsage?, _ cost: Double?) -> String? {
        var parts: [String] = []
        if let usage {
            parts.append("\(usage.totalTokens) tokens (\(usage.inputTokens) in, \(usage.outputTokens) out)")
        }
        if let cost { parts.append("\(JSON(cost).serialized) USD") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func line(_ assessment: Assessment) -> String {
        let by = "\(assessment.source.kind.rawValue) \(Printable.line(assessment.source.id))"
        let why = assessment.rationale.map { "  \(Printable.line($0))" } ?? ""
        let overridden = assessment.isValid ? "" : "  (overridden)"
        let on = assessment.spanID.map { " on span \(hexadecimal($0))" } ?? ""
        let name = Printable.line(assessment.name) + on
        switch assessment.content {
        case .feedback(let value): return "\(name) = \(value.json)  [\(by)]\(why)\(overridden)"
        case .failed(let error): return "\(name) failed: \(Printable.line(error.description))  [\(by)]\(overridden)"
        case .issue(let issue): return "issue \(name): \(Printable.line(issue))  [\(by)]\(why)\(overridden)"
        case .expectation(let value): return "expected \(name) = \(value)  [\(by)]\(why)\(overridden)"
        }
    }

    /// The spans with their depths: each before its children, siblings in the order of their start.
    private static func tree(_ spans: [Span]) -> [(Span, Int)] {
        let known = Set(spans.map(\.id))
        var children: [UInt64: [Int]] = [:]
        var waiting: [(place: Int, depth: Int)] = []
        for (place, span) in spans.enumerated().reversed() {
            if let parent = span.parentID, known.contains(parent), parent != span.id {
                children[parent, default: []].append(place)
            } else {
                waiting.append((place, 0))
            }
        }
        var shown = Set<Int>()
        var list: [(Span, Int)] = []
        while let (place, depth) = waiting.popLast() {
            guard shown.insert(place).inserted else { continue }
            list.append((spans[place], depth))
            for child in children[spans[place].id] ?? [] { waiting.append((child, depth + 1)) }
        }
        // Spans that are above themselves are nobody's children.
        for (place, span) in spans.enumerated() where !shown.contains(place) { list.append((span, 0)) }
        return list
    }

    static func json(_ record: TraceRecord, runs: [PublicID]) -> JSON {
        let trace = record.trace
        return [
            "trace_id": JSON(trace.id.traceID), "experiment": JSON(record.experiment),
            "state": JSON(trace.state.rawValue),
            "request_time": JSON(Times.rfc3339(trace.requestTimeMilliseconds)),
            "execution_duration_ms": trace.durationMilliseconds.map { JSON($0) } ?? .null,
            "session_id": trace.sessionID.map { JSON($0) } ?? .null, "tags": trace.tags ?? .null,
            "metadata": trace.metadata ?? .null, "run_ids": .array(runs.map { JSON($0.hexadecimal) }),
            "tokens": tokens(trace.tokenUsage), "cost_usd": trace.costUSD.map { JSON($0) } ?? .null,
            "spans": .array(trace.spans.map(json)), "assessments": .array(record.assessments.map(AssessmentPage.json)),
        ]
    }

    private static func json(_ span: Span) -> JSON {
        [
            "span_id": JSON(hexadecimal(span.id)),
            "parent_id": span.parentID.map { JSON(hexadecimal($0)) } ?? .null,
            "name": JSON(span.name), "type": JSON(span.type.rawValue), "status": JSON(span.status.rawValue),
            "status_message": span.statusMessage.map { JSON($0) } ?? .null,
            "start_time_unix_nano": JSON(span.startNanoseconds),
            "end_time_unix_nano": span.endNanoseconds.map { JSON($0) } ?? .null,
            "inputs": span.inputs ?? .null, "outputs": span.outputs ?? .null,
            "attributes": span.attributes ?? .null, "tokens": tokens(span.usage),
            "cost_usd": span.costUSD.map { JSON($0) } ?? .null,
            "events": .array(
                span.events.map { event in
                    [
                        "name": JSON(event.name), "time_unix_nano": JSON(event.timestampNanoseconds),
                        "attributes": event.attributes ?? .null,
                    ]
                }
            ),
            "links": .array(
                span.links.map { link in
                    [
                        "trace_id": JSON(link.traceID.traceID), "span_id": JSON(hexadecimal(link.spanID)),
                        "attributes": link.attributes ?? .null,
                    ]
                }
            ),
        ]
    }

    private static func tokens(_ usage: TokenUsage?) -> JSON {
        guard let usage else { return .null }
        return [
            "input": JSON(usage.inputTokens), "output": JSON(usage.outputTokens), "total": JSON(usage.totalTokens),
        ]
    }

    /// A span's number as 16 digits.
    static func hexadecimal(_ id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
