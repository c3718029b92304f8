// The scorers that read the trace: what was retrieved, which tools were called, and what was measured.

import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalScorers

@Suite struct TraceScorersTests {
    static func row(_ spans: [Span], expecting expectations: JSON? = nil, duration: Int64? = nil) throws -> Row {
        let record = try Record(inputs: [:], outputs: "x", expectations: expectations)
        let root = Span(id: 1, name: "app", type: .chain, startNanoseconds: 0)
        let trace = Trace(requestTimeMilliseconds: 0, durationMilliseconds: duration, spans: [root] + spans)
        return Row(record: record, outputs: "x", trace: trace)
    }

    static func retriever(_ id: UInt64, _ outputs: JSON?, parent: UInt64 = 1) -> Span {
        Span(id: id, parentID: parent, name: "search", type: .retriever, startNanoseconds: Int64(id), outputs: outputs)
    }

    static func tool(_ name: String, _ inputs: JSON? = nil, id: UInt64 = 5) -> Span {
        Span(id: id, parentID: 1, name: name, type: .tool, startNanoseconds: Int64(id), inputs: inputs)
    }

    static func ids(_ ids: String...) -> JSON { .array(ids.map { ["page_content": "…", "id": JSON($0)] }) }

    /// The value of a scorer for a row.
    static func number(_ scorer: some RowScorer, _ row: Row) throws -> Double? {
        try scorer.score(row).values.first?.value.numeric
    }

    @Test("the values of rankings are those of their definitions and of scikit-learn")
    func rankings() async throws {
        for each in try OverlapTests.load("retrieval_values").elements {
            let documents = JSON.array(each["retrieved"]?.elements.map { ["id": $0] } ?? [])
            let expected = JSON.array(
                each["relevance"]?.members.map { ["id": JSON(String($0.key)), "relevance": $0.value] } ?? []
            )
            let row = try Self.row([Self.retriever(2, documents)], expecting: ["expected_documents": expected])
            for (name, value) in each["values"]?.members.map({ (String($0.key), $0.value) }) ?? [] {
                let descriptor = try #require(BuiltInScorers().descriptors.first { $0.name == name })
                let scorer = try await BuiltInScorers()
                    .make(descriptor, configuration: descriptor.resolve(["k": each["k"] ?? .null]))
                let found = try #require(await scorer.score([row]).first?.values.first?.value.numeric)
                #expect(abs(found - (value.number ?? -1)) < 1e-12, "\(name) \(each)")
            }
        }
    }

    @Test("lists of several retrievals follow each other, and a document counts where it came first")
    func severalRetrievals() throws {
        let spans = [Self.retriever(2, Self.ids("a", "b")), Self.retriever(3, Self.ids("b", "c"))]
        let row = try Self.row(spans, expecting: ["expected_documents": ["c", "d"]])
        #expect(try Self.number(RetrievalRecall(), row) == 0.5)
        #expect(try Self.number(RetrievalPrecision(), row) == 1.0 / 3)
        #expect(try Self.number(RetrievalMRR(), row) == 1.0 / 3)
        #expect(try RetrievalRecall().score(row).values.first?.rationale == "1 of 2 expected among 3 retrieved")
        #expect(try RetrievalMRR().score(row).values.first?.rationale == "the first expected document has rank 3")
    }

    @Test("a retrieval within a retrieval is a step of it and doesn't count again")
    func nestedRetrievals() throws {
        let chain = Span(id: 3, parentID: 2, name: "rerank", type: .chain, startNanoseconds: 3)
        let spans = [Self.retriever(2, Self.ids("a")), chain, Self.retriever(4, Self.ids("b"), parent: 3)]
        let row = try Self.row(spans, expecting: ["expected_documents": ["a", "b"]])
        #expect(try Self.number(RetrievalRecall(), row) == 0.5)
    }

    @Test(
        "an id is found where applications keep it",
        arguments: [
            #"{"id": "a"}"#, #"{"metadata": {"id": "a"}}"#, #"{"metadata": {"doc_id": "a"}}"#,
            #"{"metadata": {"doc_uri": "a"}}"#, #"{"doc_uri": "a"}"#, #"{"doc_id": "a"}"#,
            #"{"id": null, "metadata": {"doc_uri": "a"}}"#,
        ]
    )
    func placesOfIDs(document: String) throws {
        let documents = JSON.array([try JSON(parsing: document)])
        for outputs in [documents, ["documents": documents], JSON(documents.serialized)] {
            let row = try Self.row([Self.retriever(2, outputs)], expecting: ["expected_documents": ["a"]])
            #expect(try Self.number(RetrievalRecall(), row) == 1)
        }
    }

    @Test("ids may be numbers, and the shorthand of a row is a retrieval")
    func shorthand() throws {
        let record = try Record(
            row: [
                "inputs": [:], "outputs": "x", "retrieved_documents": [["id": 7, "content": "c"], ["content": "d"]],
                "expectations": ["expected_documents": [7, ["id": "8"]]],
            ]
        )
        let trace = Trace.pregenerated(record, outputs: "x", nowMilliseconds: 0)
        let row = Row(record: record, outputs: "x", trace: trace)
        #expect(try Self.number(RetrievalRecall(), row) == 0.5)
        #expect(try Self.number(RetrievalPrecision(), row) == 0.5)
        #expect(try Self.number(RetrievalPrecision(k: 1), row) == 1)
    }

    @Test("nothing retrieved is 0, nothing expected is skipped")
    func nothing() throws {
        let scorers: [any RowScorer] = [RetrievalRecall(), RetrievalPrecision(), RetrievalMRR(), RetrievalNDCG()]
        for scorer in scorers {
            for outputs in [JSON]([[], .null, "no JSON"]) {
                let row = try Self.row([Self.retriever(2, outputs)], expecting: ["expected_documents": ["a"]])
                #expect(try scorer.score(row).values.first?.value == .number(0))
            }
            for expected in [JSON]([[], [["id": "a", "relevance": 0]]]) {
                let row = try Self.row([Self.retriever(2, Self.ids("a"))], expecting: ["expected_documents": expected])
                #expect(try scorer.score(row) == .skipped("no document is expected"))
            }
        }
    }

    @Test(
        "a retrieval scorer's row without what it needs is an error that names it",
        arguments: [
            (#"{"expected_documents": "a"}"#, "'expectations.expected_documents' must be an array, this is a string"),
            (
                #"{"expected_documents": [{"name": "a"}]}"#,
                "a document of 'expectations.expected_documents' is neither an id nor an object with one"
            ),
            (
                #"{"expected_documents": [true]}"#,
                "a document of 'expectations.expected_documents' is neither an id nor an object with one"
            ),
            (
                #"{"expected_documents": [{"id": "a", "relevance": -1}]}"#,
                "a 'relevance' in 'expectations.expected_documents' is no number from 0"
            ),
            (
                #"{"expected_documents": [{"id": "a", "relevance": "1"}]}"#,
                "a 'relevance' in 'expectations.expected_documents' is no number from 0"
            ),
            (#"{"expected_documents": null}"#, "the row has no 'expectations.expected_documents'"),
            ("{}", "the row has no 'expectations.expected_documents'"),
        ]
    )
    func badExpectations(expectations: String, message: String) throws {
        let row = try Self.row([Self.retriever(2, Self.ids("a"))], expecting: JSON(parsing: expectations))
        for scorer in [RetrievalRecall(), RetrievalNDCG()] as [any RowScorer] {
            let error = #expect(throws: ScorerError.self) { try scorer.score(row) }
            #expect(error?.message == message)
        }
    }

    @Test("a trace without a retrieval is an error on the row")
    func noRetrieval() throws {
        let row = try Self.row([Self.tool("search")], expecting: ["expected_documents": ["a"]])
        #expect(throws: ScorerError.missingField("spans(RETRIEVER)")) { try RetrievalRecall().score(row) }
    }

    static let expected: JSON = [
        "expected_tool_calls": [
            ["name": "search", "arguments": ["query": "cats", "limit": 5]], ["name": "summarize", "arguments": [:]],
        ]
    ]
    static let search = tool("search", ["limit": 5.0, "query": "cats"])
    static let summarize = tool("summarize", nil, id: 6)

    @Test("the expected calls in any order are a yes, and with ordering only in theirs")
    func toolCalls() throws {
        for spans in [[Self.search, Self.summarize], [Self.summarize, Self.search]] {
            let row = try Self.row(spans, expecting: Self.expected)
            #expect(try ToolCalls().score(row) == .yesNo(true))
        }
        let ordered = ToolCalls(ordering: true)
        #expect(try ordered.score(Self.row([Self.search, Self.summarize], expecting: Self.expected)) == .yesNo(true))
        let other = try Self.row([Self.summarize, Self.search], expecting: Self.expected)
        #expect(try ordered.score(other) == .yesNo(false, rationale: "call 1: summarize in place of search"))
    }

    @Test("the rationale names what is missing, what is too much and what has other arguments, and no argument")
    func toolDifferences() throws {
        func rationale(_ spans: [Span], _ scorer: ToolCalls = ToolCalls()) throws -> String? {
            try scorer.score(Self.row(spans, expecting: Self.expected)).values.first?.rationale
        }
        let changed = Self.tool("search", ["query": "dogs"])
        #expect(try rationale([]) == "missing: search, summarize")
        #expect(try rationale([Self.search, Self.summarize, Self.tool("delete")]) == "unexpected: delete")
        #expect(try rationale([Self.tool("delete"), Self.search]) == "missing: summarize; unexpected: delete")
        #expect(try rationale([changed, Self.summarize]) == "with other arguments: search")
        #expect(try rationale([changed, Self.summarize], ToolCalls(exact: false)) == nil)
        #expect(try rationale([Self.search, Self.search]) == "missing: summarize; unexpected: search")
        let ordered = ToolCalls(ordering: true)
        #expect(try rationale([Self.search], ordered) == "call 2: summarize is missing")
        #expect(try rationale([changed, Self.summarize], ordered) == "call 1: search with other arguments")
        #expect(try rationale([Self.search, Self.summarize, Self.search], ordered) == "call 3: search is unexpected")
    }

    @Test("names alone count where one of the expected calls says nothing of its arguments")
    func namesAlone() throws {
        let expected: JSON = [
            "expected_tool_calls": [["name": "search", "arguments": ["query": "x"]], ["name": "summarize"]]
        ]
        #expect(try ToolCalls().score(Self.row([Self.search, Self.summarize], expecting: expected)) == .yesNo(true))
    }

    @Test("an empty list expects no call, and a name may be in the call's inputs")
    func otherCalls() throws {
        #expect(try ToolCalls().score(Self.row([], expecting: ["expected_tool_calls": []])) == .yesNo(true))
        // Arguments of null are arguments that nobody speaks of.
        let null: JSON = ["expected_tool_calls": [["name": "search", "arguments": .null]]]
        #expect(try ToolCalls().score(Self.row([Self.search], expecting: null)) == .yesNo(true))
        let row = try Self.row([Self.search], expecting: ["expected_tool_calls": []])
        #expect(try ToolCalls().score(row) == .yesNo(false, rationale: "unexpected: search"))
        let span = Self.tool("running tool", ["call": ["tool_name": "search"]])
        #expect(
            try ToolCalls().score(Self.row([span], expecting: ["expected_tool_calls": [["name": "search"]]]))
                == .yesNo(true)
        )
    }

    @Test(
        "expected calls of the wrong form are an error on the row",
        arguments: [
            ("{}", "the row has no 'expectations.expected_tool_calls'"),
            (#"{"expected_tool_calls": {}}"#, "'expectations.expected_tool_calls' must be an array, this is an object"),
            (
                #"{"expected_tool_calls": ["search"]}"#,
                "a call in 'expectations.expected_tool_calls' is no object with a text 'name'"
            ),
            (
                #"{"expected_tool_calls": [{"name": "a", "arguments": "{}"}]}"#,
                "'expectations.expected_tool_calls.arguments' must be an object, this is a string"
            ),
        ]
    )
    func badCalls(expectations: String, message: String) throws {
        let row = try Self.row([], expecting: JSON(parsing: expectations))
        let error = #expect(throws: ScorerError.self) { try ToolCalls().score(row) }
        #expect(error?.message == message)
    }

    @Test("what was measured is the value, and what nobody measured is skipped")
    func measured() throws {
        let usage = EvalCore.TokenUsage(inputTokens: 30, outputTokens: 12)
        let model = Span(id: 2, parentID: 1, name: "llm", type: .llm, startNanoseconds: 0, usage: usage, costUSD: 0.25)
        let row = try Self.row([model, Self.tool("x")], duration: 1500)
        #expect(try Latency().score(row) == .number(1500))
        #expect(try TokenCount().score(row) == .feedback(Feedback(.integer(42), rationale: "30 read, 12 written")))
        #expect(try Cost().score(row) == .number(0.25))
        let bare = try Row.make("x")
        for scorer in [Latency(), TokenCount(), Cost()] as [any RowScorer] {
            #expect(try scorer.score(bare) == .skipped("not measured"))
        }
    }

    @Test("a greatest value makes the rule by which rows pass, without it there is none")
    func rules() async throws {
        for (name, key) in [("latency", "max_ms"), ("token_usage", "max"), ("cost", "max")] {
            let descriptor = try #require(BuiltInScorers().descriptors.first { $0.name == name })
            let catalog = BuiltInScorers()
            let plain = ScorerInstance(try await catalog.make(descriptor, configuration: [:]))
            #expect(plain.pass == nil && plain.scorer.descriptor.lowerIsBetter)
            let bounded = ScorerInstance(try await catalog.make(descriptor, configuration: .object([(key, JSON(800))])))
            #expect(bounded.pass?.description == "<= 800")
            #expect(bounded.pass?.passes(.number(800)) == true && bounded.pass?.passes(.integer(801)) == false)
        }
        #expect(ScorerInstance(Latency()).aggregations == [.mean, .p90])
    }

    @Test("the scorers of traces say that they read them")
    func readsTrace() {
        let reading = BuiltInScorers().descriptors.filter(\.readsTrace).map(\.name)
        let expected = [
            "cost", "latency", "retrieval_mrr", "retrieval_ndcg", "retrieval_precision", "retrieval_recall",
            "token_usage",
            "tool_calls",
        ]
        #expect(reading == expected)
    }
}
