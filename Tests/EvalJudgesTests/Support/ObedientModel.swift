// A model that knows one thing, how the system prompt says that data is marked, and does whatever stands outside of
// it. It is the weakest mind that a fence can protect.

import EvalCore
import EvalJSON
import EvalJudges
import Testing

/// How a request is written out for a model.
enum Rendering {
    /// With the fence that is sent.
    case fenced(Fence)
    /// With a fence whose delimiter anybody could know.
    case guessable(mark: String)
    /// Without one.
    case bare

    /// The bytes that a model reads.
    func text(_ request: ModelRequest) -> String {
        request.messages
            .map { message in
                message.content.map { part($0) }.joined(separator: "\n")
            }
            .joined(separator: "\n")
    }

    private func part(_ content: ModelContent) -> String {
        switch content {
        case .text(let text): text
        case .image: "(picture)"
        case .data(let label, let text):
            switch self {
            case .fenced(let fence): fence.around(text, label: label)
            case .guessable(let mark): "<<<DATA \(label) \(mark)\n\(text)\n\(mark) \(label) END>>>"
            case .bare: text
            }
        }
    }
}

/// A text as the system prompt says that it must be read, byte by byte.
struct Reader {
    typealias Bytes = ArraySlice<UInt8>

    /// What stands outside of all blocks.
    var outside: [Bytes] = []
    /// The blocks in their order.
    var blocks: [(label: Bytes, text: [UInt8])] = []
    /// Whether the last block ended.
    var isComplete = true

    /// Reads lines: a line `<<<DATA label mark` opens a block, and only `mark label END>>>` ends it.
    init(_ text: String) {
        var open: (label: Bytes, ending: [UInt8], lines: [Bytes])?
        for line in Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false) {
            if let block = open {
                if line.elementsEqual(block.ending) {
                    blocks.append((block.label, Array(block.lines.joined(separator: [10]))))
                    open = nil
                } else {
                    open?.lines.append(line)
                }
            } else if let (label, mark) = Self.opening(line) {
                open = (label, Array(mark) + [32] + label + Array(" END>>>".utf8), [])
            } else {
                outside.append(line)
            }
        }
        isComplete = open == nil
    }

    /// What stands outside of all blocks, as one text.
    var words: Text { Text(String(decoding: Array(outside.joined(separator: [10])), as: UTF8.self)) }

    private static func opening(_ line: Bytes) -> (label: Bytes, mark: Bytes)? {
        guard line.starts(with: "<<<DATA ".utf8) else { return nil }
        let words = line.split(separator: 32, omittingEmptySubsequences: false)
        guard words.count == 3, words[2].count == 32,
            words[2].allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return (words[1], words[2])
    }
}

/// One attack of the file.
struct Attack: Sendable, CustomTestStringConvertible {
    let technique: String
    let text: String
    /// The part of the text that a model would have to obey.
    let order: String

    var testDescription: String { "\(technique): \(text.prefix(32))" }
}

extension ScriptedModel {
    /// A model that says yes, true or the greatest number if any order stands outside of the blocks.
    ///
    /// Otherwise it says the opposite. Where nothing is fenced it takes everything for an instruction.
    convenience init(obeying orders: [Text], reading rendering: Rendering) throws {
        try self.init { request throws(ScorerError) in
            let text = rendering.text(request)
            let outside = if case .bare = rendering { Text(text) } else { Reader(text).words }
            let obeys = orders.contains { outside.contains($0) }
            if !request.tools.isEmpty, request.messages.count == 2, !obeys {
                let calls = ["get_root", "list_spans"].map { ModelToolCall(id: $0, name: $0, arguments: [:]) }
                return ModelReply(text: "", toolCalls: calls, model: "m")
            }
            return .object(.reply(to: request.schema ?? [:], word: obeys ? "yes" : "no"))
        }
    }
}
