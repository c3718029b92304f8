import EvalCore
import EvalJSON
import EvalJudges
import Testing

@Suite struct PictureTests {
    @Test("pictures of OpenAI's and Anthropic's messages are shown after the text, which has a word in their place")
    func pictures() async throws {
        let model = try model(saying: "yes")
        let scorer = try await RelevanceToQuery().bound(to: model)
        let inputs: JSON = [
            "messages": [
                [
                    "role": "user",
                    "content": [
                        ["type": "text", "text": "What is this?"],
                        ["type": "image_url", "image_url": ["url": "https://example.org/a.png"]],
                        ["type": "input_image", "image_url": "data:image/png;base64,AAAA"],
                    ],
                ]
            ]
        ]
        let outputs: JSON = [
            "role": "assistant",
            "content": [
                ["type": "text", "text": "A cat: "],
                ["type": "image", "source": ["type": "base64", "media_type": "image/jpeg", "data": "BBBB"]],
                ["type": "image", "source": ["type": "url", "url": "http://example.org/b.png"]],
            ],
        ]
        _ = try await scorer.verdict(try Row(["inputs": inputs, "outputs": outputs]))
        let request = try #require(model.requests.first)
        #expect(
            request.images == [
                "https://example.org/a.png", "data:image/png;base64,AAAA", "data:image/jpeg;base64,BBBB",
                "http://example.org/b.png",
            ]
        )
        #expect(request.data["answer"] == "A cat: [image 3][image 4]")
        let question = try #require(request.data["question"])
        #expect(question.contains("[image 1]") && question.contains("[image 2]") && !question.contains("AAAA"))
    }

    @Test("no more than twenty pictures are shown, and what is no address of a picture stays text")
    func bounds() async throws {
        let model = try model(saying: "yes")
        let scorer = try await Safety().bound(to: model)
        let many = JSON.array(
            (0..<25).map { ["type": "image_url", "image_url": ["url": JSON("https://example.org/\($0).png")]] }
        )
        _ = try await scorer.verdict(
            try Row(["inputs": ["q": "x"], "outputs": ["role": "assistant", "content": many]])
        )
        #expect(model.requests[0].images.count == 20)
        #expect(model.requests[0].data["answer"]?.contains("[image 21, not shown]") == true)
        let file: JSON = ["type": "image_url", "image_url": ["url": "file:///etc/passwd"]]
        _ = try await scorer.verdict(try Row(["inputs": ["q": "x"], "outputs": file]))
        #expect(model.requests[1].images.isEmpty)
        #expect(model.requests[1].data["answer"] == file.serialized)
    }
}
