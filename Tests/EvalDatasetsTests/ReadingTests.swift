import EvalCore
import EvalDatasets
import EvalJSON
import Foundation
import Testing

@Suite struct ReadingTests {
    private func read(
        _ content: [UInt8],
        name: String = "rows.jsonl",
        limit: Int = 256
    ) async throws -> (rows: [DecodedRow], digest: Digest?) {
        try await readRows(content, name: name, limit: limit)
    }

    @Test("byte-order mark, CRLF, empty lines and a last line without its end are accepted")
    func lenient() async throws {
        let content = "\u{FEFF}{\"inputs\":{\"q\":1}}\r\n\n  \r\n{\"inputs\":{\"q\":2}}\r\n{\"inputs\":{\"q\":3}}"
        let bytes = Array(content.utf8)
        let (rows, digest) = try await read(bytes)
        #expect(try rows.map { try $0.record.get().inputs?["q"]?.integer } == [1, 2, 3])
        #expect(String(decoding: rows[1].source, as: UTF8.self) == #"{"inputs":{"q":2}}"#)
        #expect(digest == Digest(of: bytes))
    }

    @Test("every row comes once, however the reads and batches fall", arguments: [1, 2, 7, 256])
    func batches(limit: Int) async throws {
        let lines = (0..<1000).map { #"{"inputs":{"q":\#($0),"pad":"\#(String(repeating: "é", count: $0 * 3))"}}"# }
        let (rows, _) = try await read(Array((lines.joined(separator: "\n") + "\n").utf8), limit: limit)
        #expect(try rows.map { try $0.record.get().inputs?["q"]?.integer } == (0..<1000).map { Int64($0) })
    }

    @Test(
        "a malformed line says where and what, and the others are read",
        arguments: [
            (#"{"inputs":{"q":1}"#, "the text is not valid JSON"),
            (#"{"inputs":{"q":1e999}}"#, "a number is malformed or out of range"),
            (#"{"inputs":{},"inputs":{}}"#, "the key 'inputs' stands twice in one object"),
            (#"{"input":{}}"#, "unknown key 'input' in the row; did you mean 'inputs'?"),
        ]
    )
    func malformed(line: String, message: String) async throws {
        let good = #"{"inputs":{"q":1}}"#
        let (rows, _) = try await read(Array("\(good)\n\n\(line)\n\(good)\n".utf8))
        #expect(rows.count == 3)
        guard case .failure(let diagnostic) = rows[1].record else {
            Issue.record("the line was accepted")
            return
        }
        #expect(diagnostic.description.contains(message))
        #expect(diagnostic.location.line == 3)
        #expect(try rows[2].record.get().inputs?["q"]?.integer == 1)
    }

    @Test("a truncated last line is an error, not the end")
    func truncated() async throws {
        let (rows, _) = try await read(Array("{\"inputs\":{}}\n{\"inputs\":{\"q\":".utf8))
        #expect(rows.count == 2)
        #expect(throws: Diagnostic.self) { try rows[1].record.get() }
    }

    @Test("a line of 50 MB is a row")
    func large() async throws {
        let text = String(repeating: "x", count: 50 << 20)
        let (rows, _) = try await read(Array("{\"inputs\":{\"q\":\"\(text)\"}}\n{\"inputs\":{}}\n".utf8))
        #expect(try rows.first?.record.get().inputs?["q"]?.text?.count == 50 << 20)
        #expect(rows.count == 2)
    }

    @Test("a JSON file is an array of rows; its mistakes have line and column")
    func jsonArray() async throws {
        let (rows, _) = try await read(
            Array(#" [{"inputs":{"q":1}}, {"inputs":{"q":2}}]"#.utf8),
            name: "rows.json",
            limit: 1
        )
        #expect(try rows.map { try $0.record.get().inputs?["q"]?.integer } == [1, 2])
        await #expect {
            _ = try await read(Array("{\"inputs\":{}}".utf8), name: "rows.json")
        } throws: {
            "\($0)".contains("a JSON file of rows is an array, this is an object")
        }
        await #expect {
            _ = try await read(Array("[{\"inputs\":{}},\n {\"inputs\" {}}]".utf8), name: "rows.json")
        } throws: {
            ($0 as? Diagnostic)?.location.line == 2
        }
    }

    @Test("a missing file names its neighbour")
    func missing() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data().write(to: folder.appendingPathComponent("questions.jsonl"))
        await #expect {
            _ = try await DataFile.open(folder.path + "/question.jsonl")
        } throws: {
            "\($0)".hasSuffix("there is no such file; did you mean '\(folder.path)/questions.jsonl'?")
        }
        await #expect {
            _ = try await DataFile.open(folder.path)
        } throws: {
            "\($0)".contains("this is a folder")
        }
    }
}
