// `evalhost traces`: what happened for one request.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalReports
internal import EvalStore
internal import Foundation

struct TracesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traces",
        abstract: "Show traces with their spans and assessments.",
        subcommands: [Show.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one trace.",
            discussion: "Example:\n  evalhost traces show tr-0192f3"
        )

        @Argument(help: "The trace: tr-… or the beginning of one.")
        var trace: String
        @Option(help: ArgumentHelp("table or json.", valueName: "format"))
        var format: ListFormat = .table
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let record = try await store.openExisting().trace(named: trace)
            switch format {
            case .json: Console.output(TracePage.json(record).serialized + "\n")
            case .table: Console.output(TracePage.text(record))
            }
        }
    }
}

/// A trace for the terminal and for programs.
enum TracePage {
    static func text(_ record: TraceRecord) -> String {
        let trace = record.trace
        var lines = [
            "\(trace.id.traceID)  \(trace.state.rawValue)  \(Times.local(trace.requestTimeMilliseconds))  "
                + "\(trace.durationMilliseconds.map { "\($0) ms" } ?? "not measured")  \(record.experiment)"
        ]
        if let session = trace.sessionID { lines.append("session \(session)") }
        if let tags = trace.tags { lines.append("tags \(tags)") }
        for span in trace.spans {
            let depth = depth(of: span, in: trace)
            let indent = String(repeating: "  ", count: depth)
            let message = span.statusMessage.map { ": \($0)" } ?? ""
            lines.append("\(indent)\(span.type.rawValue) \(span.name)  \(span.status.rawValue)\(message)")
            if let inputs = span.inputs { lines.append("\(indent)  in   \(inputs)") }
            if let outputs = span.outputs { lines.append("\(indent)  out  \(outputs)") }
        }
        for assessment in record.assessments {
            let by = "\(assessment.source.kind.rawValue) \(assessment.source.id)"
            let why = assessment.rationale.map { "  \($0)" } ?? ""
            let overridden = assessment.isValid ? "" : "  (overridden)"
            switch assessment.content {
            case .feedback(let value): lines.append("\(assessment.name) = \(value.json)  [\(by)]\(why)\(overridden)")
            case .failed(let error): lines.append("\(assessment.name) failed: \(error)  [\(by)]\(overridden)")
            case .issue(let name): lines.append("issue \(assessment.name): \(name)  [\(by)]\(why)\(overridden)")
            case .expectation(let value): lines.append("expected \(assessment.name) = \(value)\(overridden)")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func depth(of span: Span, in trace: Trace) -> Int {
        var depth = 0
        var parent = span.parentID
        while let id = parent, depth < trace.spans.count {
            depth += 1
            parent = trace.spans.first { $0.id == id }?.parentID
        }
        return depth
    }

    static func json(_ record: TraceRecord) -> JSON {
        let trace = record.trace
        let spans = trace.spans.map { span -> JSON in
            [
                "span_id": JSON(hexadecimal(span.id)),
                "parent_id": span.parentID.map { JSON(hexadecimal($0)) } ?? .null,
                "name": JSON(span.name), "type": JSON(span.type.rawValue), "status": JSON(span.status.rawValue),
                "status_message": span.statusMessage.map { JSON($0) } ?? .null,
                "start_time_unix_nano": JSON(span.startNanoseconds),
                "end_time_unix_nano": span.endNanoseconds.map { JSON($0) } ?? .null,
                "inputs": span.inputs ?? .null, "outputs": span.outputs ?? .null,
                "attributes": span.attributes ?? .null,
            ]
        }
        return [
            "trace_id": JSON(trace.id.traceID), "experiment": JSON(record.experiment),
            "state": JSON(trace.state.rawValue),
            "request_time": JSON(Times.rfc3339(trace.requestTimeMilliseconds)),
            "execution_duration_ms": trace.durationMilliseconds.map { JSON($0) } ?? .null,
            "session_id": trace.sessionID.map { JSON($0) } ?? .null, "tags": trace.tags ?? .null,
            "metadata": trace.metadata ?? .null, "spans": .array(spans),
            "assessments": .array(record.assessments.map(json)),
        ]
    }

    private static func json(_ assessment: Assessment) -> JSON {
        var members: [(String, JSON)] = [
            ("assessment_id", JSON("a-" + assessment.id.hexadecimal)),
            ("name", JSON(assessment.name)),
            ("source", ["type": JSON(assessment.source.kind.rawValue), "id": JSON(assessment.source.id)]),
            ("rationale", assessment.rationale.map { JSON($0) } ?? .null),
            ("run_id", assessment.runID.map { JSON($0.hexadecimal) } ?? .null),
            ("span_id", assessment.spanID.map { JSON(hexadecimal($0)) } ?? .null),
            ("metadata", assessment.metadata ?? .null),
            ("created", JSON(Times.rfc3339(assessment.createdMilliseconds))),
            ("valid", JSON(assessment.isValid)),
        ]
        switch assessment.content {
        case .feedback(let value): members.append(("feedback", ["value": value.json]))
        case .failed(let error):
            members.append(("feedback", ["error": ["code": JSON(error.code), "message": JSON(error.message)]]))
        case .issue(let name): members.append(("issue", ["name": JSON(name)]))
        case .expectation(let value): members.append(("expectation", ["value": value]))
        }
        return .object(members)
    }

    private static func hexadecimal(_ id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
