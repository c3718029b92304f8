import EvalCore
import EvalDatasets
import EvalJSON
import Foundation
import Testing

@Suite struct DelimitedTests {
    private func rows(_ text: String, name: String = "rows.csv", map: [String] = []) async throws -> [DecodedRow] {
        try await readRows(Array(text.utf8), name: name, shape: RowShape(mapping: RowMapping(map))).rows
    }

    @Test("headers are paths, cells are texts, an empty cell is a missing field, :json is parsed")
    func paths() async throws {
        let text = """
            id,inputs.question,inputs.n,expectations.expected_response,expectations.guidelines:json,outputs
            a,"What, ""exactly""?",7,yes,"[""be short""]","two
            lines"
            b,Q2,,,,x

            """
        let records = try await rows(text).map { try $0.record.get() }
        #expect(records[0].inputs == ["question": "What, \"exactly\"?", "n": "7"])
        #expect(records[0].expectations == ["expected_response": "yes", "guidelines": ["be short"]])
        #expect(records[0].outputs == "two\nlines")
        #expect(records[1].row == ["id": "b", "inputs": ["question": "Q2"], "outputs": "x"])
    }

    @Test("byte-order mark, CRLF and a last line without its end are accepted; TSV has no quotes")
    func lenient() async throws {
        let csv = "\u{FEFF}inputs.q,outputs\r\n1,\"a\"\r\n\r\n2,b"
        #expect(try await rows(csv).map { try $0.record.get().outputs?.string } == ["a", "b"])
        let tsv = "inputs.q\toutputs\n\"1\"\ta \"quoted\" b\n"
        let record = try #require(try await rows(tsv, name: "rows.tsv").first).record.get()
        #expect(record.inputs?["q"]?.string == "\"1\"")
        #expect(record.outputs?.string == "a \"quoted\" b")
    }

    @Test("an unknown header says how to map it, and mapped it is read")
    func unknownHeader() async throws {
        let csv = "question,answer\nQ,A\n"
        let error = await #expect(throws: Diagnostic.self) { _ = try await rows(csv) }
        #expect(error?.message == "unknown header 'question'")
        #expect(error?.help?.contains("--map question=inputs.question") == true)
        let record = try #require(
            try await rows(csv, map: ["question=inputs.question", "answer=outputs"]).first
        )
        .record.get()
        #expect(record.row == ["inputs": ["question": "Q"], "outputs": "A"])
    }

    @Test("too many or too few cells are that row's error, with its line")
    func cellCounts() async throws {
        let rows = try await rows("inputs.q,outputs\n1,a\n\"2\n2\",b,c\n3\n4,d\n")
        #expect(rows.count == 4)
        let messages = rows.compactMap { row -> String? in
            if case .failure(let error) = row.record { "\(error.location.line ?? 0): \(error.message)" } else { nil }
        }
        #expect(messages == ["3: the row has 3 cells, the header has 2", "5: the row has 1 cells, the header has 2"])
    }

    @Test(
        "what can't be cut into cells is told with its line",
        arguments: [
            ("inputs.q\n\"open\n", "a quoted cell does not end"),
            ("inputs.q\n\"a\"b\n", "something follows a quoted cell"), ("", "the file is empty"),
            ("inputs.q,inputs.q\n1,2\n", "stands twice"), ("inputs..q\n1\n", "is no path"),
        ]
    )
    func malformed(text: String, message: String) async throws {
        let error = await #expect(throws: Diagnostic.self) { _ = try await rows(text) }
        #expect(error?.message.contains(message) == true)
    }

    @Test("cells that are no UTF-8 or no JSON are their row's error")
    func badCells() async throws {
        let bytes = Array("inputs.q,tags:json\na,{\n".utf8) + [0xFF] + Array(",\nb,\n".utf8)
        let rows = try await readRows(bytes, name: "rows.csv").rows
        let messages = rows.compactMap { row -> String? in
            if case .failure(let error) = row.record { error.message } else { nil }
        }
        #expect(messages.count == 2)
        #expect(messages[0].contains("no JSON") && messages[1].contains("not valid UTF-8"))
    }
}
