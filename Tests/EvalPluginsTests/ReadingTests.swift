import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Testing

@Suite("Reading a row")
struct ReadingTests {
    /// A scorer that answers with its fields, each as its kind and content, separated by `|`.
    private func echo(_ reads: String) async throws -> any Scorer {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            #include <stdio.h>
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                static char text[65536]; size_t at = 0;
                for (uint32_t i = 0; i < row->field_count; i++) {
                    const evalhost_field *f = &row->fields[i];
                    if (f->text.data[f->text.size] != 0) return evalhost_error(out, "no NUL");
                    at += (size_t)sprintf(text + at, "%s%u:", i ? "|" : "", f->kind);
                    memcpy(text + at, f->text.data, f->text.size); at += f->text.size;
                    if (f->integer) at += (size_t)sprintf(text + at, "i%lld", (long long)f->integer);
                    if (f->number) at += (size_t)sprintf(text + at, "n%.17g", f->number);
                    const evalhost_span *s = evalhost_spans(f);
                    for (uint64_t n = 0; n < f->count; n++)
                        at += (size_t)sprintf(text + at, "[%s %s %d %d %s%s%s%s%s]", s[n].id.data, s[n].type.data, s[n].parent,
                            s[n].status, s[n].name.data, s[n].inputs.data, s[n].outputs.data, s[n].attributes.data,
                            s[n].events.data);
                }
                evalhost_text all = {text, at};
                return evalhost_string(out, all);
            }
            EVALHOST_SCORER(echo, .reads = "\(reads.replacingOccurrences(of: "\"", with: "\\\""))", .value = EVALHOST_TEXT,
                            .score = score)
            EVALHOST_PLUGIN("echo", "1", &echo)
            """
        )
        return try await workshop.scorer("echo")
    }

    private func fields(_ reads: String, _ row: Row) async throws -> Verdict {
        let verdicts = await (try await echo(reads)).score([row])
        return try #require(verdicts.first)
    }

    private func text(_ reads: String, _ row: Row) async throws -> String? {
        guard case .text(let text)? = try await fields(reads, row).values.first?.value else { return nil }
        return text
    }

    @Test("texts are views of the row, with U+0000 and a NUL behind")
    func texts() async throws {
        #expect(try await text("outputs", row("a\0é")) == "2:a\0é")
        #expect(try await text("outputs", row("")) == "2:")
        #expect(try await text("outputs,expectations.expected_response", row("a", expected: "b")) == "2:a|2:b")
    }

    @Test("the text of what isn't a string is its text view")
    func textViews() async throws {
        #expect(try await text("outputs", row(["a": [1, true]])) == #"2:{"a":[1,true]}"#)
        let chat: JSON = [["role": "user", "content": "?"], ["role": "assistant", "content": "!"]]
        #expect(try await text("outputs", row(chat)) == "2:!")
        #expect(try await text("outputs:json", row("a")) == #"7:"a""#)
    }

    @Test("typed fields are exact, and nothing is coerced")
    func types() async throws {
        let inputs: JSON = ["n": 9_007_199_254_740_993, "x": 0.5, "yes": true, "s": "1"]
        let typed = try row("a", inputs: inputs)
        #expect(try await text("inputs.n:integer", typed) == "4:i9007199254740993n9007199254740992")
        #expect(try await text("inputs.x:number", typed) == "5:n0.5")
        #expect(try await text("inputs.yes:boolean", typed) == "3:i1")
        let mismatch = try await fields("inputs.s:number", typed)
        #expect(mismatch == .errored(.fieldType("inputs.s", expected: "a number", found: .string)))
        #expect(try await fields("inputs.x:integer", typed).errorCode == "field_type")
    }

    @Test("a missing or null field is the row's error, unless it is optional")
    func missing() async throws {
        #expect(
            try await fields("expectations.expected_response", row("a"))
                == .errored(.missingField("expectations.expected_response"))
        )
        #expect(try await fields("inputs.x", row("a", inputs: ["x": nil])) == .errored(.missingField("inputs.x")))
        #expect(try await text("inputs.x?", row("a", inputs: ["x": nil])) == "1:")
        #expect(try await text("inputs.x?, outputs", row("a")) == "0:|2:a")
    }

    @Test("paths have quoted keys and elements")
    func paths() async throws {
        let inputs: JSON = ["a.b": ["c,d", "e"], "m": [["content": "deep"]]]
        let deep = try row(["x": ["y": 1]], inputs: inputs)
        #expect(try await text(#"inputs."a.b"[1], inputs.m[0].content"#, deep) == "2:e|2:deep")
        #expect(try await text("outputs.x.y:integer", deep) == "4:i1n1")
    }

    @Test("only declared spans and payloads cross, with the nearest declared ancestor as parent")
    func spans() async throws {
        let spans = [
            Span(id: 16, parentID: 1, name: "agent", type: .agent, startNanoseconds: 5, inputs: ["q": 1]),
            Span(id: 18, parentID: 17, name: "late", type: .tool, startNanoseconds: 9, status: .error, outputs: [2]),
            Span(id: 17, parentID: 16, name: "llm", type: .llm, startNanoseconds: 6),
        ]
        let traced = try row("a", spans: spans)
        #expect(
            try await text("spans(AGENT,TOOL):name,outputs, outputs", traced)
                == "9:[0000000000000010 AGENT -1 1 agent][0000000000000012 TOOL 0 2 late[2]]|2:a"
        )
        #expect(try await text("spans(RETRIEVER)", traced) == "9:")
        #expect(
            try await text("spans(*):inputs", traced)
                == "9:[0000000000000001 CHAIN -1 1 {}][0000000000000010 AGENT 0 1 {\"q\":1}]"
                + "[0000000000000011 LLM 1 1 ][0000000000000012 TOOL 2 2 ]"
        )
    }
}
