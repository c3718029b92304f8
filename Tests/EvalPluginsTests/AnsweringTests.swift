import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Testing

@Suite("Answering")
struct AnsweringTests {
    /// A scorer whose body is this, with these further members.
    private func workshop(_ body: String, _ members: String = ".value = EVALHOST_NUMBER(0, 1)") throws -> Workshop {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            static const char *const labels[] = {"right", "wrong"};
            static const evalhost_feedback feedbacks[] = {
                EVALHOST_FEEDBACK("length", EVALHOST_ANY_INTEGER), EVALHOST_FEEDBACK("good", EVALHOST_BOOLEAN)};
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                static int calls; calls++;
                evalhost_value value = evalhost_value_of_number(calls);
                (void)feedbacks; (void)labels; (void)value;
                \(body)
            }
            EVALHOST_SCORER(answer, .reads = "outputs?", .score = score, \(members))
            EVALHOST_PLUGIN("answers", "1.2.3", &answer)
            """
        )
        return workshop
    }

    private func verdict(_ workshop: Workshop, _ rows: [Row]? = nil) async throws -> Verdict {
        let scorer = try await workshop.scorer("answer")
        let verdicts = await scorer.score(try rows ?? [row("text")])
        return try #require(verdicts.first)
    }

    @Test("each kind of value arrives exactly")
    func values() async throws {
        let cases: [(String, String, FeedbackValue)] = [
            ("return evalhost_number(out, 0.1);", "EVALHOST_NUMBER(0, 1)", .number(0.1)),
            ("return evalhost_integer(out, INT64_MAX);", "EVALHOST_ANY_INTEGER", .integer(.max)),
            ("return evalhost_boolean(out, 7);", "EVALHOST_BOOLEAN", .boolean(true)),
            ("return evalhost_label(out, 1);", "EVALHOST_CATEGORY(labels)", .text("wrong")),
            ("return evalhost_string(out, evalhost_text_of(\"é\"));", "EVALHOST_TEXT", .text("é")),
            ("return evalhost_string(out, evalhost_text_of(\"\"));", "EVALHOST_TEXT", .text("")),
            (
                "return evalhost_object(out, evalhost_text_of(\"{\\\"a\\\":[1]}\"));", "EVALHOST_OBJECT",
                .json(["a": [1]])
            ),
        ]
        for (body, type, value) in cases {
            let workshop = try workshop(body, ".value = \(type)")
            #expect(try await verdict(workshop) == .feedback(Feedback(value)))
        }
    }

    @Test("rationale, metadata and span stand beside the value, and the source names library and version")
    func beside() async throws {
        let workshop = try workshop(
            """
            value = evalhost_value_of_number(0.5);
            value.rationale = evalhost_text_of("half of it");
            value.metadata = evalhost_text_of("{\\"claims\\":2}");
            value.span_id = evalhost_text_of("0000000000000001");
            return evalhost_put(out, 0, &value);
            """
        )
        let expected = Feedback(.number(0.5), rationale: "half of it", metadata: ["claims": 2], spanID: 1)
        #expect(try await verdict(workshop) == .feedback(expected))
        let scorer = try await workshop.scorer("answer")
        #expect(scorer.descriptor.source.id == "answer@answers 1.2.3")
    }

    @Test("declared feedbacks arrive by name")
    func feedbacks() async throws {
        let workshop = try workshop(
            "evalhost_boolean_at(out, 2, 1); evalhost_integer_at(out, 1, 5); return evalhost_number(out, 1);",
            ".value = EVALHOST_NUMBER(0, 1), EVALHOST_FEEDBACKS(feedbacks)"
        )
        #expect(
            try await verdict(workshop)
                == .feedbacks([
                    Feedback(.boolean(true), name: "good"), Feedback(.integer(5), name: "length"), Feedback(.number(1)),
                ])
        )
    }

    @Test(
        "what doesn't fit the declaration is the row's error, never repaired",
        arguments: [
            (
                "return evalhost_number(out, 0.0 / 0.0 * (calls > 0));", "invalid_value",
                "answer: answer is not a number"
            ),
            (
                "return evalhost_number(out, 1.5);", "invalid_value",
                "answer: answer is 1.5, more than the declared 1"
            ),
            (
                "return evalhost_number(out, -1);", "invalid_value",
                "answer: answer is -1, less than the declared 0"
            ),
            (
                "return evalhost_integer(out, 1);", "invalid_value",
                "answer: answer is declared as a number, it gave an integer"
            ),
            (
                "return evalhost_number_at(out, 1, 1);", "invalid_value",
                "answer: it gave a value for feedback 1, which it doesn't declare"
            ),
            (
                "evalhost_number(out, 1); return evalhost_number(out, 1);", "invalid_value",
                "answer: it gave a second value for answer"
            ),
            (
                "value.number = 1; value.rationale = evalhost_text_of(\"\\xff\"); return evalhost_put(out, 0, &value);",
                "invalid_value", "answer: the rationale of answer isn't UTF-8"
            ),
            (
                "value.number = 1; value.metadata = evalhost_text_of(\"[1]\"); return evalhost_put(out, 0, &value);",
                "invalid_value", "answer: the metadata of answer isn't a JSON object"
            ),
            (
                "value.number = 1; value.rationale.data = \"\"; value.rationale.size = 65537; "
                    + "return evalhost_put(out, 0, &value);",
                "invalid_value", "answer: it gave a text that is larger than allowed"
            ),
            (
                "value.number = 1; value.span_id = evalhost_text_of(\"ff\"); return evalhost_put(out, 0, &value);",
                "invalid_value", "answer: the trace has no span with the id that it gave"
            ),
            (
                "for (int i = 0; i < 100; i++) evalhost_number(out, 1); return EVALHOST_OK;", "invalid_value",
                "answer: it gave more than 64 values"
            ),
            ("return EVALHOST_OK;", "no_result", "answer returned OK and gave no value"),
            ("return 77;", "scorer_fault", "answer returned the unknown status 77"),
            ("return evalhost_error(out, \"no luck\");", "scorer_error", "no luck"),
            ("evalhost_number(out, 1); return EVALHOST_ERROR;", "scorer_error", "answer returned an error"),
            ("return evalhost_retry(out, \"busy\");", "scorer_error", "answer asked for another try twice"),
        ]
    )
    func misfits(body: String, code: String, message: String) async throws {
        let verdict = try await verdict(try workshop(body))
        #expect(verdict.errorCode == code)
        #expect(verdict.errorMessage == message)
    }

    @Test("a label that isn't declared is an error")
    func undeclaredLabel() async throws {
        let workshop = try workshop("return evalhost_label(out, 2);", ".value = EVALHOST_CATEGORY(labels)")
        #expect(try await verdict(workshop).errorMessage == "answer: answer has no label 2, it declares 2")
    }

    @Test("a skip is neither value nor error, and discards what was given before")
    func skip() async throws {
        let workshop = try workshop("evalhost_number(out, 1); return evalhost_skip(out, \"no words\");")
        #expect(try await verdict(workshop) == .skipped("no words"))
    }

    @Test("a transient failure is tried once more, after the other rows")
    func retry() async throws {
        let workshop = try workshop(
            "return calls == 2 ? evalhost_retry(out, \"busy\") : evalhost_number(out, calls);",
            ".value = EVALHOST_ANY_NUMBER"
        )
        let scorer = try await workshop.scorer("answer")
        let verdicts = await scorer.score(try [row("a"), row("b"), row("c")])
        #expect(verdicts.flatMap(\.values).map(\.value) == [.number(1), .number(4), .number(3)])
    }

    @Test("a message is cut between two characters at its limit")
    func longMessage() async throws {
        let workshop = try workshop(
            """
            static char text[8192]; for (int i = 0; i + 2 < 8192; i += 2) memcpy(text + i, "\\xc3\\xa9", 2);
            text[0] = 'x'; memmove(text + 1, text + 2, 8000);
            return evalhost_error(out, text);
            """
        )
        let message = try #require(try await verdict(workshop).errorMessage)
        #expect(message.utf8.count == 4095)
        #expect(message.hasSuffix("éé"))
    }
}
