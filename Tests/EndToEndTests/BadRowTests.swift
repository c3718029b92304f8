import EvalJSON
import Foundation
import Testing

/// A line that is no row, and what is said of it.
struct BadLine: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let words: String

    init(_ name: String, _ text: String, _ words: String) { self.init(name, Array(text.utf8), words) }

    init(_ name: String, _ bytes: [UInt8], _ words: String) {
        testDescription = name
        self.bytes = bytes
        self.words = words
    }

    private static let deep = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
    private static let start = Array(#"{"inputs":{"q":""#.utf8)
    private static let end = Array(#""},"outputs":"x"}"#.utf8)

    static let all = [
        BadLine("malformed JSON", #"{"inputs":{"q":}}"#, ":4:16: the text is not valid JSON"),
        BadLine("invalid UTF-8", start + [0xFF, 0xFE] + end, ":4:17: the text is not valid UTF-8"),
        BadLine("UTF-8 that is too long", start + [0xC0, 0x80] + end, ":4:17: the text is not valid UTF-8"),
        BadLine("raw NUL bytes", start + [0x61, 0, 0x62] + end, ":4:18: the text is not valid JSON"),
        BadLine("only NUL bytes", [0, 0, 0, 0], ":4:1: the text is not valid JSON"),
        BadLine("a lone surrogate", #"{"inputs":{"q":"\ud800"},"outputs":"x"}"#, ":4: the text is not valid JSON"),
        BadLine(
            "a key twice",
            #"{"inputs":{"q":1,"q":2},"outputs":"x"}"#,
            ":4: the key 'q' stands twice in one object"
        ),
        BadLine("a row's key twice", #"{"inputs":{},"inputs":{}}"#, ":4: the key 'inputs' stands twice in one object"),
        BadLine("10,000 levels", #"{"inputs":{"q":\#(deep)},"outputs":"x"}"#, "the nesting is deeper than 1024 levels"),
        BadLine(
            "a number above all",
            #"{"inputs":{"q":1e999},"outputs":"x"}"#,
            ":4: a number is malformed or out of range"
        ),
        BadLine("NaN", #"{"inputs":{"q":NaN},"outputs":"x"}"#, ":4:16: the text is not valid JSON"),
        BadLine("Infinity", #"{"inputs":{"q":-Infinity},"outputs":"x"}"#, ":4:17: a number is malformed"),
        BadLine("a comment", #"{"inputs":{"q":1}} // why not"#, ":4:20: the text is not valid JSON"),
        BadLine("two rows on a line", #"{"inputs":{}}{"inputs":{}}"#, ":4:14: the text is not valid JSON"),
        BadLine("no object", "[1]", ":4: a row is a JSON object, this is an array"),
        BadLine("no inputs", #"{"outputs":"x"}"#, ":4: the row has no 'inputs'"),
        BadLine("inputs that are none", #"{"inputs":[1]}"#, ":4: 'inputs' must be an object, this is an array"),
        BadLine(
            "expectations that are none",
            #"{"inputs":{},"expectations":"x"}"#,
            ":4: 'expectations' must be an object"
        ),
        BadLine("tags that are none", #"{"inputs":{},"tags":[1]}"#, ":4: 'tags' must be an object"),
        BadLine(
            "an unknown key",
            #"{"inputs":{},"outptus":"x"}"#,
            ":4: unknown key 'outptus' in the row; did you mean 'outputs'?"
        ),
        BadLine(
            "a trace that is text",
            #"{"inputs":{},"trace":"nonsense"}"#,
            ":4: the trace is not MLflow's trace JSON"
        ),
        BadLine(
            "a trace without info",
            #"{"inputs":{},"trace":{}}"#,
            ":4: the trace is not MLflow's trace JSON: it has no 'info'"
        ),
        BadLine(
            "a trace without spans",
            #"{"inputs":{},"trace":{"info":{},"data":{}}}"#,
            "it has no span in 'data.spans'"
        ),
        BadLine("a trace that is a list", #"{"inputs":{},"trace":[]}"#, ":4: 'trace' must be MLflow's trace JSON"),
    ]
}

@Suite struct BadRowTests {
    private static let evaluate = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"]

    @Test("a line that is no row is told with its place and what to do, and leaves no report", arguments: BadLine.all)
    func badLine(_ bad: BadLine) throws {
        let place = try Workplace()
        let good = Array((Workplace.row + "\n").utf8)
        try place.write("rows.jsonl", bytes: good + good + good + bad.bytes + [0x0A] + good)
        let arguments = Self.evaluate + ["--output", "report.json"]
        let outcome = try place.expectRefusal(arguments, 2, "error: rows.jsonl:4", bad.words)
        #expect(outcome.error.contains("\n  "), "it says what to do: \(outcome.error)")
        #expect(!place.exists("report.json"))
    }

    @Test("lines that are no rows are errors of their own rows where they are allowed")
    func allowed() throws {
        let place = try Workplace()
        let good = Array((Workplace.row + "\n").utf8)
        try place.write("rows.jsonl", bytes: BadLine.all.flatMap { $0.bytes + [0x0A] + good })
        let count = BadLine.all.count
        let outcome = try place.run(Self.evaluate + ["--max-errors", String(count), "--format", "jsonl"])
        #expect(outcome.status == 0, "\(outcome.error)")
        let rows = try outcome.lines()
        #expect(rows.count == 2 * count)
        for (index, row) in rows.enumerated() {
            if index.isMultiple(of: 2) {
                #expect(row["error"]?["code"] == "malformed_record", "\(BadLine.all[index / 2])")
            } else {
                #expect(row["feedback"]?["exact_match"]?["value"] == true)
            }
        }
        let tooFew = try place.run(Self.evaluate + ["--max-errors", String(count - 1)])
        #expect(tooFew.status == 2)
        #expect(tooFew.error.contains("error: rows.jsonl:\(2 * count - 1)"))
    }

    @Test("a run that stops at a bad line takes nothing from the runs before it, and later ones work")
    func keeps() throws {
        let place = try Workplace()
        try place.writeSame(3)
        #expect(try place.run(Self.evaluate).status == 0)
        let kept = try place.run(["runs", "export", "latest"]).output
        let first = try #require(place.latest()?["run_id"]?.string)
        try place.write("rows.jsonl", Workplace.row + "\n{\n")
        try place.expectRefusal(Self.evaluate, 2, "rows.jsonl:2")
        #expect(try place.latest()?["status"] == "FAILED")
        #expect(try place.run(["runs", "export", first]).output == kept)
        try place.writeSame(4)
        #expect(try place.run(Self.evaluate).status == 0)
        #expect(try place.latest()?["rows"] == 4)
    }

    @Test("a last line that ends in the middle is an error, not the end")
    func truncated() throws {
        let place = try Workplace()
        try place.write("rows.jsonl", Workplace.row + "\n" + Workplace.row.dropLast(20))
        try place.expectRefusal(
            ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match"],
            2,
            "rows.jsonl:2: the text is not valid JSON"
        )
    }

    @Test("a byte-order mark, CRLF, empty lines and escaped NUL characters are fine")
    func accepted() throws {
        let place = try Workplace()
        let odd = #"{"inputs":{"q":"a\u0000b"},"outputs":"x\u0000","expectations":{"expected_response":"x\u0000"}}"#
        try place.write("rows.jsonl", "\u{FEFF}" + [Workplace.row, "", odd, Workplace.row].joined(separator: "\r\n"))
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--format", "jsonl",
        ])
        #expect(outcome.status == 0, "\(outcome.error)")
        let rows = try outcome.lines()
        #expect(rows.count == 3)
        #expect(rows.allSatisfy { $0["feedback"]?["exact_match"]?["value"] == true })
        #expect(rows[1]["outputs"] == "x\u{0}")
    }

    @Test("a line of 50 MB is a row, one beyond 64 MiB is refused with its number")
    func large() throws {
        func line(_ bytes: Int) -> [UInt8] {
            Array(#"{"inputs":{"q":"x"},"outputs":""#.utf8) + [UInt8](repeating: 0x61, count: bytes)
                + Array(#"","expectations":{"expected_response":"x"}}"#.utf8) + [0x0A]
        }
        let place = try Workplace()
        let good = Array((Workplace.row + "\n").utf8)
        let evaluate = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--format", "json"]
        try place.write("rows.jsonl", bytes: good + line(50_000_000) + good)
        let outcome = try place.run(evaluate)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try JSON(parsing: outcome.output)["accounts"]?["exact_match"]?["scored"] == 3)
        for end in [good, []] {
            try place.write("rows.jsonl", bytes: good + line(64 << 20) + end)
            try place.expectRefusal(evaluate, 2, "rows.jsonl:2: a row is larger than 64 MiB")
        }
    }

    @Test("a row without what a scorer needs is that row's error, and the status says where to look")
    func missingField() throws {
        let place = try Workplace()
        let bare = #"{"inputs":{"q":"x"},"outputs":"y"}"#
        let empty = #"{"inputs":{"q":"x"}}"#
        try place.write("rows.jsonl", [Workplace.row, bare, empty].joined(separator: "\n"))
        let outcome = try place.run([
            "evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--format", "jsonl",
        ])
        #expect(outcome.status == 3)
        #expect(outcome.error.contains("errors: 2 of 3 rows have an error, none is allowed"))
        #expect(outcome.error.contains("runs export"))
        let errors = try outcome.lines().map { $0["feedback"]?["exact_match"]?["error"] }
        #expect(errors[0]?.isNull == true)
        #expect(errors[1]?["code"] == "missing_field")
        #expect(errors[1]?["message"]?.string?.contains("expected_response") == true)
        #expect(errors[2]?["message"] == "the row has no 'outputs'")
    }

    @Test(
        "a data set without a record, in any format, is 2",
        arguments: [
            ("rows.jsonl", "", "the data set has no record"), ("rows.jsonl", "\u{FEFF}\r\n\r\n", "has no record"),
            ("rows.json", "[]", "has no record"), ("rows.json", "", "there is no JSON"),
            ("rows.csv", "inputs.q,outputs\n", "has no record"),
            ("rows.csv", "", "a header of field paths comes first"),
        ]
    )
    func noRecord(name: String, content: String, words: String) throws {
        let place = try Workplace()
        try place.write(name, content)
        try place.expectRefusal(["evaluate", "--data", name, "--scorer", "exact_match"], 2, "error: \(name): ", words)
    }

    @Test(
        "a file of JSON or CSV that can't be read is told with its line",
        arguments: [
            ("rows.json", #"{"inputs":{}}"#, "a JSON file of rows is an array, this is an object"),
            ("rows.json", "[{\"inputs\":{}},", "rows.json: the text is not valid JSON"),
            ("rows.json", #"[{"inputs":{}},{"outputs":1}]"#, "rows.json[1]: the row has no 'inputs'"),
            ("rows.csv", "inputs.q,question\na,b\n", "rows.csv:1: unknown header 'question'"),
            ("rows.csv", "inputs.q,inputs.q\na,b\n", "rows.csv:1: the header 'inputs.q' stands twice"),
            ("rows.csv", "inputs..q,outputs\na,b\n", "rows.csv:1: the header 'inputs..q' is no path"),
            ("rows.csv", "inputs.q,outputs\na,b,c\n", "rows.csv:2: the row has 3 cells, the header has 2"),
            ("rows.csv", "inputs.q,outputs\n\"a,b\n", "rows.csv:2: a quoted cell does not end"),
            ("rows.csv", "inputs.q,outputs\n\"a\"b,c\n", "rows.csv:2: something follows a quoted cell"),
            ("rows.csv", "inputs.q:json,outputs\n{a,b\n", "rows.csv:2: the cell under 'inputs.q' is no JSON"),
            ("rows.csv", "inputs,inputs.q\na,b\n", "rows.csv:2: the headers put one value into another"),
        ]
    )
    func otherFormats(name: String, content: String, words: String) throws {
        let place = try Workplace()
        try place.write(name, content)
        try place.expectRefusal(["evaluate", "--data", name, "--scorer", "exact_match"], 2, words)
    }

    @Test("a cell that is not UTF-8 is told with its line and number")
    func badCell() throws {
        let place = try Workplace()
        try place.write("rows.csv", bytes: Array("inputs.q,outputs\na,".utf8) + [0xFF, 0x0A])
        try place.expectRefusal(
            ["evaluate", "--data", "rows.csv", "--scorer", "exact_match"],
            2,
            "rows.csv:2: cell 2 is not valid UTF-8"
        )
    }

    @Test("a folder, and a file that may not be read, are told as such")
    func unreadable() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(
            at: place.folder.appendingPathComponent("folder"),
            withIntermediateDirectories: false
        )
        let scorer = ["--scorer", "exact_match"]
        try place.expectRefusal(["evaluate", "--data", "folder"] + scorer, 2, "folder: this is a folder")
        try place.expectRefusal(["score", "--data", "folder"] + scorer, 2, "folder: this is a folder")
        try place.expectRefusal(["score", "--data", "rows.jsonl"] + scorer, 2, "rows.jsonl: there is no such file")
    }

    @Test("a file that may not be read is 2", .enabled(if: Nobody.prefix != nil, "root may read everything"))
    func forbidden() throws {
        let place = try Workplace()
        try place.writeSame(3)
        chmod(place.folder.appendingPathComponent("rows.jsonl").path, 0)
        let outcome = try place.shell(
            "exec \"$0\" evaluate --data rows.jsonl --scorer exact_match --store :memory:",
            prefix: Nobody.prefix ?? []
        )
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("rows.jsonl: the file can't be read: Permission denied"))
    }
}
