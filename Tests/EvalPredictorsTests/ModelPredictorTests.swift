// A model with a prompt as the application: what it is asked, what the trace keeps, what goes wrong.

import EvalCore
import EvalJSON
import EvalPredictors
import Synchronization
import Testing

/// A model that says what it is told to, and remembers what it was asked.
private final class ScriptedModel: ModelClient {
    let name: ModelName
    let concurrency = 4
    private let answer: Result<ModelReply, ScorerError>
    private let requests = Mutex<[ModelRequest]>([])

    init(_ answer: Result<ModelReply, ScorerError>) throws {
        name = try ModelName("openai:/gpt-5-mini")
        self.answer = answer
    }

    var asked: [ModelRequest] { requests.withLock { $0 } }

    func ask(_ request: ModelRequest) async throws(ScorerError) -> ModelReply {
        requests.withLock { $0.append(request) }
        return try answer.get()
    }

    func embed(_ texts: [String]) async throws(ScorerError) -> ModelEmbeddings {
        throw ScorerError(code: "bad_request", message: "no embeddings here")
    }
}

@Suite struct ModelPredictorTests {
    private let reply = ModelReply(
        text: "Paris",
        model: "gpt-5-mini-2025",
        usage: TokenUsage(inputTokens: 12, outputTokens: 3),
        costUSD: 0.002
    )

    private func ask(
        _ inputs: JSON,
        _ prompt: ModelPrompt?,
        history: [PredictRequest.Turn]? = nil
    ) async throws -> (prediction: Prediction, messages: [ModelMessage]) {
        let model = try ScriptedModel(.success(reply))
        let predictor = ModelPredictor(client: model, prompt: prompt)
        let request = PredictRequest(id: .make(), inputs: inputs, history: history)
        let prediction = try await predictor.predict(request)
        return (prediction, try #require(model.asked.first).messages)
    }

    @Test("variables are filled in from the inputs, with and without `inputs.`")
    func variables() async throws {
        let prompt = try ModelPrompt([
            (role: "system", text: "Be {{ inputs.style }}."),
            (role: "user", text: "{{question}} ({{ user.name }}, {{ tags[0] }}, {{ user }})"),
        ])
        let inputs: JSON = ["question": "Capital?", "style": "brief", "user": ["name": "Ann"], "tags": ["geo"]]
        let (prediction, messages) = try await ask(inputs, prompt)
        let user = #"Capital? (Ann, geo, {"name":"Ann"})"#
        #expect(messages == [ModelMessage(.system, "Be brief."), ModelMessage(.user, user)])
        #expect(prediction.outputs == "Paris")
    }

    @Test("what an input says is never taken for a variable")
    func inputsAreData() async throws {
        let prompt = try ModelPrompt([(role: "user", text: "{{ a }}")])
        let (_, messages) = try await ask(["a": "{{ b }} ${HOME}", "b": "secret"], prompt)
        #expect(messages == [ModelMessage(.user, "{{ b }} ${HOME}")])
    }

    @Test("the trace has a CHAT_MODEL span with messages, tokens and cost")
    func span() async throws {
        let (prediction, _) = try await ask(["q": "Capital?"], nil)
        let span = try #require(prediction.spans.first)
        #expect(prediction.spans.count == 1)
        #expect(span.type == .chatModel && span.parentID == PredictRequest.rootSpan)
        #expect(span.usage == TokenUsage(inputTokens: 12, outputTokens: 3) && span.costUSD == 0.002)
        #expect(span.inputs == ["messages": [["role": "user", "content": "Capital?"]]])
        #expect(span.outputs == ["role": "assistant", "content": "Paris"])
        #expect(span.attributes?["gen_ai.response.model"] == "gpt-5-mini-2025")
        #expect(span.endNanoseconds.map { $0 >= span.startNanoseconds } == true)
    }

    @Test("without a prompt a lone text is what the user says, and messages are the conversation")
    func withoutPrompt() async throws {
        #expect(try await ask(["anything": "Hi"], nil).messages == [ModelMessage(.user, "Hi")])
        let picture: JSON = ["type": "image_url", "image_url": ["url": "data:image/png;base64,AAAA"]]
        let messages: JSON = [
            ["role": "system", "content": "Be kind."],
            ["role": "user", "content": [["type": "text", "text": "What is this?"], picture]],
        ]
        let (prediction, asked) = try await ask(["messages": messages], nil)
        let parts: [ModelContent] = [.text("What is this?"), .image(url: "data:image/png;base64,AAAA")]
        #expect(asked == [ModelMessage(.system, "Be kind."), ModelMessage(.user, parts)])
        // The picture itself isn't written a second time.
        #expect(prediction.spans[0].inputs?.serialized.contains("AAAA") == false)
    }

    @Test("earlier turns come before the question, after the prompt's system message")
    func history() async throws {
        let prompt = try ModelPrompt([(role: "system", text: "Be brief."), (role: "user", text: "Q: {{ q }}")])
        let history = [PredictRequest.Turn(inputs: ["q": "one?"], outputs: "1")]
        let (_, messages) = try await ask(["q": "two?"], prompt, history: history)
        let expected = [
            ModelMessage(.system, "Be brief."), ModelMessage(.user, "Q: one?"), ModelMessage(.assistant, "1"),
            ModelMessage(.user, "Q: two?"),
        ]
        #expect(messages == expected)
    }

    @Test("a variable that the inputs lack is told with the nearest key")
    func unknownVariable() async throws {
        let prompt = try ModelPrompt([(role: "user", text: "{{ qestion }}")])
        let error = #expect(throws: Diagnostic.self) { try prompt.check(against: ["question": "x", "id": 1]) }
        #expect(error?.message == "the prompt's variable '{{ qestion }}' is not among the row's inputs")
        #expect(error?.suggestion == "question")
        await #expect(throws: PredictFailure.self) { _ = try await ask(["question": "x"], prompt) }
        #expect(throws: Diagnostic.self) { _ = try ModelPrompt([(role: "user", text: "{{ open")]) }
        #expect(throws: Diagnostic.self) { _ = try ModelPrompt([(role: "robot", text: "x")]) }
        #expect(throws: Diagnostic.self) { try ModelPredictor.checkWithoutPrompt(["a": "x", "b": "y"]) }
    }

    @Test("the client has tried again already, so that its failure is the row's")
    func failure() async throws {
        let model = try ScriptedModel(.failure(ScorerError(code: "rate_limited", message: "429 for ever")))
        let predictor = ModelPredictor(client: model, prompt: nil)
        let request = PredictRequest(id: .make(), inputs: ["q": "x"])
        let failure = await #expect(throws: PredictFailure.self) { _ = try await predictor.predict(request) }
        #expect(failure?.isRetryable == false && failure?.message == "429 for ever")
    }
}
