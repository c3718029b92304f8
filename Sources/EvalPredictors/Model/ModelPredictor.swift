// A model with a prompt as the application under test: the shortest way from a data set to outputs.

public import EvalCore
public import EvalJSON
internal import Foundation

/// Asks a model for each row's outputs.
///
/// The trace gets a CHAT_MODEL span with the messages, the tokens and the cost. The client tries again by itself, so that
/// no failure here is worth another attempt.
public struct ModelPredictor: Predictor {
    /// The span's number; rows' own shorthands count up from 2.
    private static let span: UInt64 = 1 << 40

    private let client: any ModelClient
    private let prompt: ModelPrompt?

    /// Makes the application of a model.
    ///
    /// - Parameters:
    ///   - client: Asks the model.
    ///   - prompt: What it is asked; nil where each row's inputs are the conversation, or one text.
    public init(client: any ModelClient, prompt: ModelPrompt?) {
        self.client = client
        self.prompt = prompt
    }

    /// Asks the model.
    ///
    /// - Throws: A ``PredictFailure``.
    public func predict(_ request: PredictRequest) async throws -> Prediction {
        let messages = try conversation(of: request)
        let start = Self.now()
        let reply: ModelReply
        do throws(ScorerError) {
            reply = try await client.ask(ModelRequest(messages))
        } catch {
            try Task.checkCancellation()
            throw PredictFailure(error.message)
        }
        var attributes: [(String, JSON)] = [
            ("gen_ai.request.model", JSON(client.name.model)), ("gen_ai.response.model", JSON(reply.model)),
        ]
        if reply.isFromCache { attributes.append(("evalhost.from_journal", true)) }
        let span = Span(
            id: Self.span,
            parentID: PredictRequest.rootSpan,
            name: client.name.description,
            type: .chatModel,
            startNanoseconds: start,
            endNanoseconds: Self.now(),
            inputs: ["messages": .array(messages.map(\.json))],
            outputs: ["role": "assistant", "content": JSON(reply.text)],
            attributes: .object(attributes),
            usage: reply.usage,
            costUSD: reply.costUSD
        )
        return Prediction(outputs: JSON(reply.text), spans: [span])
    }

    private func conversation(of request: PredictRequest) throws(PredictFailure) -> [ModelMessage] {
        let history = request.history ?? []
        do throws(Diagnostic) {
            if let prompt { return try prompt.messages(for: request.inputs, after: history) }
            var messages: [ModelMessage] = []
            for turn in history {
                messages += try Self.messages(of: turn.inputs)
                messages.append(ModelMessage(.assistant, String(turn.outputs.textOfValue)))
            }
            return try messages + Self.messages(of: request.inputs)
        } catch {
            throw PredictFailure(error.help.map { "\(error.message). \($0)" } ?? error.message)
        }
    }

    /// Checks that inputs say without a prompt what is asked.
    ///
    /// - Parameter inputs: An object.
    /// - Throws: That they don't.
    public static func checkWithoutPrompt(_ inputs: JSON) throws(Diagnostic) { _ = try messages(of: inputs) }

    /// Inputs that are a conversation, or one text.
    private static func messages(of inputs: JSON) throws(Diagnostic) -> [ModelMessage] {
        if let list = inputs["messages"], list.kind == .array, list.count > 0 {
            var messages: [ModelMessage] = []
            for message in list.elements { messages.append(try ModelMessage(message)) }
            return messages
        }
        let values = inputs.members.map(\.value)
        if values.count == 1, let text = values[0].string { return [ModelMessage(.user, text)] }
        throw Diagnostic(
            "the row's inputs are not one text, so that it isn't clear what the model is asked",
            help: "Give a prompt with --prompt FILE, with {{ variables }} for the inputs."
        )
    }

    private static func now() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000_000) }
}

extension ModelMessage {
    /// Reads a message of OpenAI's form: `role`, and `content` as a text or as parts.
    fileprivate init(_ json: JSON) throws(Diagnostic) {
        guard let word = json["role"]?.string, let role = Role(rawValue: word), role != .tool else {
            throw Diagnostic("a message of 'inputs.messages' has no role of system, user or assistant")
        }
        guard let content = json["content"] else { throw Diagnostic("a message of 'inputs.messages' has no content") }
        if let text = content.string {
            self.init(role, text)
            return
        }
        var parts: [ModelContent] = []
        for part in content.elements {
            if let text = part["text"]?.string {
                parts.append(.text(text))
            } else if let url = part["image_url"]?["url"]?.string ?? part["image_url"]?.string {
                parts.append(.image(url: url))
            } else {
                throw Diagnostic("a part of a message in 'inputs.messages' is neither a text nor an image_url")
            }
        }
        guard !parts.isEmpty else { throw Diagnostic("a message of 'inputs.messages' has no content") }
        self.init(role, parts)
    }

    /// The message for the trace; pictures inside of it are cut to their kind.
    fileprivate var json: JSON {
        if content.count == 1, case .text(let text) = content[0] {
            return ["role": JSON(role.rawValue), "content": JSON(text)]
        }
        let parts = content.map { part -> JSON in
            switch part {
            case .text(let text), .data(_, let text): return ["type": "text", "text": JSON(text)]
            case .image(let url):
                let shown = url.hasPrefix("data:") ? String(url.prefix { $0 != "," }) + ",…" : url
                return ["type": "image_url", "image_url": ["url": JSON(shown)]]
            }
        }
        return ["role": JSON(role.rawValue), "content": .array(parts)]
    }
}
