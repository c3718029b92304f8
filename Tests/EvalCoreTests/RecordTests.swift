import EvalCore
import EvalJSON
import Testing

@Suite struct RecordTests {
    @Test("an unknown key is refused with the nearest word")
    func unknownKey() throws {
        let row = try JSON(parsing: #"{"input": {"question": "x"}}"#)
        #expect {
            try Record(row: row)
        } throws: {
            let text = "\($0)"
            return text.hasPrefix("unknown key 'input' in the row; did you mean 'inputs'?")
        }
    }

    @Test(
        "a part of the wrong type is refused",
        arguments: [
            (#"[1]"#, "a row is a JSON object, this is an array"),
            (#"{"inputs": "x"}"#, "'inputs' must be an object, this is a string"),
            (#"{"outputs": "x"}"#, "the row has no 'inputs'"),
            (#"{"inputs": {}, "id": 7}"#, "'id' must be a string, this is an integer"),
            (
                #"{"inputs": {}, "retrieved_documents": {}}"#,
                "'retrieved_documents' must be an array, this is an object"
            ),
        ]
    )
    func wrongType(source: String, message: String) throws {
        let row = try JSON(parsing: source)
        #expect {
            try Record(row: row)
        } throws: {
            "\($0)".hasPrefix(message)
        }
    }

    @Test("digests are those of canonical JSON and of the inputs in it")
    func digests() throws {
        let record = try Record(row: JSON(parsing: #"{"outputs": 1.0, "inputs": {"b": 1, "a": "é"}}"#))
        var writer = JSONWriter()
        let digests = record.digests(using: &writer)
        #expect(digests.inputs == JSON.object([("a", "é"), ("b", 1)]).digest)
        #expect(digests.record == Digest(of: #"{"inputs":{"a":"é","b":1},"outputs":1}"#.utf8.map { $0 }))
    }

    @Test(
        "the text of a value is a string, the last assistant text, or compact JSON",
        arguments: [
            (#""plain""#, "plain"),
            (#"{"choices":[{"message":{"role":"assistant","content":"hi"}}]}"#, "hi"),
            (#"[{"role":"user","content":"q"},{"role":"assistant","content":"a"},{"role":"user","content":"r"}]"#, "a"),
            (
                #"{"messages":[{"role":"assistant","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}]}"#,
                "xy"
            ),
            (#"{"role":"assistant","content":"z"}"#, "z"),
            (#"{"answer": 42, "list": [1, 2]}"#, #"{"answer":42,"list":[1,2]}"#),
            ("3.0", "3"),
        ]
    )
    func textOfValue(source: String, text: String) throws {
        #expect(try String(JSON(parsing: source).textOfValue) == text)
    }

    @Test("shorthands become spans in MLflow's form")
    func shorthands() throws {
        let record = try Record(
            row: JSON(
                parsing: """
                    {"inputs": {"q": 1}, "outputs": "x", "retrieved_documents": [{"id": "d1", "content": "c", "score": 0.5}],
                     "tool_calls": [{"name": "search", "arguments": {"q": "y"}}], "tags": {"topic": "t"}}
                    """
            )
        )
        let trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 1000)
        #expect(trace.spans.map(\.type) == [.chain, .retriever, .tool])
        #expect(trace.spans[1].outputs?.serialized == #"[{"page_content":"c","metadata":{"score":0.5},"id":"d1"}]"#)
        #expect(trace.spans[2].name == "search")
        #expect(trace.durationMilliseconds == nil)
        #expect(trace.tags?.serialized == #"{"topic":"t","evalhost.pregenerated":"true"}"#)
    }

    @Test("identifiers are unique and sort by when they were made")
    func identifiers() {
        let ids = (0..<1000).map { _ in PublicID.make() }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(PublicID(hexadecimal: ids[0].hexadecimal) == ids[0])
    }
}

@Suite struct SettingTests {
    let descriptor = ScorerDescriptor(
        "contains",
        help: "…",
        reads: ["outputs"],
        value: .boolean,
        settings: [
            Setting("values", .texts, required: true, help: "…"),
            Setting("mode", .choice(["all", "any"]), default: "all", help: "…"),
            Setting("limit", .number, range: 0...1, help: "…"),
        ]
    )

    @Test("a configuration is checked and its defaults are filled in")
    func resolved() throws {
        #expect(try descriptor.resolve(["values": "x"]).serialized == #"{"values":["x"],"mode":"all"}"#)
    }

    @Test(
        "a wrong configuration names the key and what it should be",
        arguments: [
            (#"{}"#, "'contains' needs the setting 'values'"),
            (#"{"value": "x"}"#, "'contains' has no setting 'value'; did you mean 'values'?"),
            (#"{"values": 3}"#, "'values' must be a text or a list of texts"),
            (
                #"{"values": "x", "mode": "al"}"#,
                "'mode' must be one of all, any in the configuration of 'contains'; did you mean 'all'?"
            ),
            (#"{"values": "x", "limit": 2}"#, "'limit' must be from 0 to 1"),
        ]
    )
    func refused(source: String, message: String) throws {
        let given = try JSON(parsing: source)
        #expect {
            try descriptor.resolve(given)
        } throws: {
            "\($0)".hasPrefix(message)
        }
    }
}
