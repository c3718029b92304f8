// The tools with which a judge looks into a trace: each answers from the spans in memory, and no answer is longer than
// a bound, so that a trace of any size can be judged.

internal import EvalCore
internal import EvalJSON

/// What a judge may ask of a trace.
struct TraceTools: Sendable {
    /// The longest answer, in bytes.
    static let resultBytes = 16 << 10
    /// Spans on one page of a list.
    static let pageSpans = 50
    /// The most places that a search tells.
    static let searchHits = 20
    /// After how many places a search ends.
    static let mostHits = 1000

    /// The tools, as models are told of them.
    static let all: [ModelTool] = [
        ModelTool(
            name: "get_root",
            help:
                "The first step of the trace: what went in and what came out, how it ended, how many steps there are.",
            parameters: ReplyForm.object([])
        ),
        ModelTool(
            name: "list_spans",
            help: "Lists the steps in the order of their starts, \(pageSpans) a page: id, parent, name, type, status, "
                + "duration and sizes.",
            parameters: ReplyForm.object([("page", ["type": "integer", "minimum": 1])])
        ),
        ModelTool(
            name: "get_span",
            help: "A part of one step as JSON, from a byte on; the answer says whether there is more.",
            parameters: ReplyForm.object([
                ("span_id", ["type": "string"]),
                ("part", ["type": "string", "enum": ["all", "inputs", "outputs", "attributes", "events"]]),
                ("offset", ["type": "integer", "minimum": 0]),
            ])
        ),
        ModelTool(
            name: "search_text",
            help: "Finds words in the inputs, outputs, attributes and names of all steps, upper and lower case alike.",
            parameters: ReplyForm.object([
                ("text", ["type": "string"]), ("page", ["type": "integer", "minimum": 1]),
            ])
        ),
    ]

    private let trace: Trace
    private let spans: [Span]

    init(_ trace: Trace) {
        self.trace = trace
        spans = trace.spans.sorted { $0.startNanoseconds < $1.startNanoseconds }
    }

    /// The answer to a call, bounded; a call that makes no sense is answered with why.
    func answer(_ call: ModelToolCall) -> String {
        let arguments = call.arguments
        let answer: String
        switch call.name {
        case "get_root": answer = root
        case "list_spans": answer = list(page: arguments["page"]?.integer ?? 1)
        case "get_span": answer = span(arguments)
        case "search_text": answer = search(arguments["text"]?.string ?? "", page: arguments["page"]?.integer ?? 1)
        default: answer = "error: there is no such tool; there are \(Self.all.map(\.name).joined(separator: ", "))"
        }
        return answer.prefix(bytes: Self.resultBytes)
    }

    /// What is said of the trace before the first look: nothing of its contents.
    var summary: String {
        let duration = trace.durationMilliseconds.map { ", \($0) ms" } ?? ""
        return "a trace of \(spans.count) steps, state \(trace.state.rawValue)\(duration)"
    }

    private var root: String {
        guard let root = trace.root else { return summary + "; no step is the first one" }
        let half = Self.resultBytes / 2 - 512
        return """
            \(summary)
            \(line(root))
            inputs: \((root.inputs ?? .null).serialized.prefix(bytes: half))
            outputs: \((root.outputs ?? .null).serialized.prefix(bytes: half))
            """
    }

    private func list(page: Int64) -> String {
        let pages = max(1, (spans.count + Self.pageSpans - 1) / Self.pageSpans)
        guard let page = Int(exactly: page), (1...pages).contains(page) else {
            return "error: there are \(pages) pages"
        }
        let lines = spans.dropFirst((page - 1) * Self.pageSpans).prefix(Self.pageSpans).map(line)
        return (["page \(page) of \(pages)"] + lines).joined(separator: "\n")
    }

    private func line(_ span: Span) -> String {
        let duration = span.endNanoseconds.map { " \(max(0, $0 - span.startNanoseconds) / 1_000_000) ms" } ?? ""
        let parent = span.parentID.map { " in \(Self.hex($0))" } ?? ""
        let failure = span.statusMessage.map { " (\($0.prefix(bytes: 60)))" } ?? ""
        return "\(Self.hex(span.id))\(parent) \(span.type.rawValue.prefix(bytes: 24)) \(span.name.prefix(bytes: 80)) "
            + "\(span.status.rawValue)\(failure)\(duration), inputs \(Self.size(span.inputs)), "
            + "outputs \(Self.size(span.outputs))"
    }

    private func span(_ arguments: JSON) -> String {
        guard let id = arguments["span_id"]?.string.flatMap({ UInt64($0, radix: 16) }),
            let span = spans.first(where: { $0.id == id })
        else { return "error: there is no step with this id; list_spans lists them" }
        let part = arguments["part"]?.string ?? "all"
        guard let json = span.part(part) else {
            return "error: a step has the parts all, inputs, outputs, attributes and events"
        }
        let bytes = Array(json.serialized.utf8)
        guard let offset = Int(exactly: arguments["offset"]?.integer ?? 0), (0...bytes.count).contains(offset) else {
            return "error: this part has \(bytes.count) bytes"
        }
        var end = min(bytes.count, offset + Self.resultBytes - 256)
        // A page ends where a character does.
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        let shown = bytes[offset..<max(offset, end)]
        let rest = end < bytes.count ? "; go on with offset \(end)" : ""
        return "bytes \(offset) to \(end) of \(bytes.count)\(rest)\n" + String(decoding: shown, as: UTF8.self)
    }

    private func search(_ text: String, page: Int64) -> String {
        guard !text.isEmpty else { return "error: 'text' is empty" }
        var hits: [String] = []
        for span in spans where hits.count < Self.mostHits {
            for part in ["name", "inputs", "outputs", "attributes"] {
                guard let json = span.part(part) else { continue }
                hits += Self.places(of: text, in: json.string ?? json.serialized)
                    .map { "\(Self.hex(span.id)) \(part) at \($0.offset): …\($0.excerpt)…" }
            }
        }
        let pages = max(1, (hits.count + Self.searchHits - 1) / Self.searchHits)
        guard let page = Int(exactly: page), (1...pages).contains(page) else {
            return "error: there are \(pages) pages"
        }
        let shown = hits.dropFirst((page - 1) * Self.searchHits).prefix(Self.searchHits)
        let more = hits.count < Self.mostHits ? "" : " or more"
        return (["\(hits.count)\(more) places, page \(page) of \(pages)"] + shown).joined(separator: "\n")
    }

    private static func places(of word: String, in text: String) -> [(offset: Int, excerpt: String)] {
        let (bytes, word) = (Array(text.utf8), Array(word.utf8).map(\.lowered))
        guard bytes.count >= word.count else { return [] }
        let low = bytes.map(\.lowered)
        var places: [(offset: Int, excerpt: String)] = []
        var at = 0
        while at + word.count <= low.count, places.count < mostHits {
            guard low[at] == word[0], low[at..<at + word.count].elementsEqual(word) else {
                at += 1
                continue
            }
            let range = max(0, at - 80)..<min(bytes.count, at + word.count + 80)
            places.append((at, String(decoding: bytes[range], as: UTF8.self)))
            at += word.count
        }
        return places
    }

    private static func hex(_ id: UInt64) -> String {
        let digits = String(id, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func size(_ json: JSON?) -> String { json.map { "\($0.serialized.utf8.count) B" } ?? "none" }
}

extension UInt8 {
    /// The lower case of an ASCII letter; anything else is itself.
    fileprivate var lowered: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}

extension Span {
    /// A part of the step as JSON; nil for a part that steps don't have.
    fileprivate func part(_ name: String) -> JSON? {
        switch name {
        case "name": JSON(self.name)
        case "inputs": inputs ?? .null
        case "outputs": outputs ?? .null
        case "attributes": attributes ?? .null
        case "events":
            .array(events.map { ["name": JSON($0.name), "attributes": $0.attributes ?? .null] })
        case "all":
            [
                "name": JSON(self.name), "type": JSON(type.rawValue), "status": JSON(status.rawValue),
                "message": statusMessage.map { JSON($0) } ?? .null, "inputs": inputs ?? .null,
                "outputs": outputs ?? .null, "attributes": attributes ?? .null,
            ]
        default: nil
        }
    }
}
