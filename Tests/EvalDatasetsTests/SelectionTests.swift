import EvalCore
import EvalDatasets
import EvalJSON
import Foundation
import Testing

@Suite struct SelectionTests {
    private let lines = (0..<100)
        .map { #"{"id":"\#($0)","inputs":{"n":\#($0)},"tags":{"lang":"\#($0 % 3 == 0 ? "en" : "de")"}}"# }

    private func ids(limit: Int = 256, _ change: (inout RowSelection) throws -> Void) async throws -> [String] {
        var selection = RowSelection()
        try change(&selection)
        let bytes = Array(lines.joined(separator: "\n").utf8)
        return try await readRows(bytes, limit: limit, selection: selection).rows
            .map { try String($0.record.get().id ?? "") }
    }

    @Test("--limit takes the first rows, however they are read", arguments: [1, 3, 256])
    func limit(batch: Int) async throws {
        #expect(try await ids(limit: batch) { $0.limit = 7 } == (0..<7).map(String.init))
    }

    @Test("--filter takes the rows that satisfy it, and the limit counts those", arguments: [1, 256])
    func filter(batch: Int) async throws {
        let found = try await ids(limit: batch) {
            $0.filter = try RowFilter("tags.lang = 'en' AND inputs.n >= 30")
            $0.limit = 3
        }
        #expect(found == ["30", "33", "36"])
    }

    @Test("--sample draws as many, in their order, the same for a seed and others for another one")
    func sample() async throws {
        let first = try await ids {
            $0.sample = 10; $0.seed = 1
        }
        #expect(first.count == 10)
        #expect(first.compactMap(Int.init) == first.compactMap(Int.init).sorted())
        #expect(
            try await ids(limit: 3) {
                $0.sample = 10; $0.seed = 1
            } == first
        )
        #expect(
            try await ids {
                $0.sample = 10; $0.seed = 2
            } != first
        )
        #expect(try await ids { $0.sample = 1000 } == (0..<100).map(String.init))
    }

    @Test("every row is drawn as often as the others")
    func fairness() async throws {
        var counts = [Int](repeating: 0, count: 100)
        for seed in 0..<400 {
            for id in try await ids({
                $0.sample = 25; $0.seed = UInt64(seed)
            }) { counts[Int(id) ?? 0] += 1 }
        }
        // 400 draws of one in four: 100 on average, with a standard deviation of 8.7.
        #expect(counts.allSatisfy { (60...140).contains($0) })
    }

    @Test("gzip is read whatever the name says, several members and all")
    func gzip() async throws {
        let plain = Array((lines.joined(separator: "\n") + "\n").utf8)
        let (half, rest) = (plain[..<1000], plain[1000...])
        let compressed = try compress(Array(half)) + compress(Array(rest))
        for name in ["rows.jsonl.gz", "rows.jsonl"] {
            let (rows, digest) = try await readRows(compressed, name: name)
            #expect(rows.count == 100)
            #expect(digest == Digest(of: plain))
        }
        let csv = try compress(Array("inputs.q,outputs\n1,a\n".utf8))
        #expect(try await readRows(csv, name: "rows.csv.gz").rows.count == 1)
    }

    @Test("gzip that ends early or is damaged is told")
    func damagedGzip() async throws {
        let compressed = try compress(Array(lines.joined(separator: "\n").utf8))
        let early = await #expect(throws: Diagnostic.self) {
            _ = try await readRows(Array(compressed.dropLast(9)), name: "rows.jsonl.gz")
        }
        #expect(early?.message == "the gzip data ends early")
        var wrong = compressed
        wrong[wrong.count - 5] ^= 1
        let damaged = await #expect(throws: Diagnostic.self) { _ = try await readRows(wrong, name: "rows.jsonl.gz") }
        #expect(damaged?.message == "the gzip data is damaged")
        #expect(damaged?.location.file?.hasSuffix("rows.jsonl.gz") == true)
    }

    private func compress(_ bytes: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-c"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data(bytes))
        try input.fileHandleForWriting.close()
        let compressed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Array(compressed)
    }
}

@Suite struct MappingTests {
    private func mapped(_ row: JSON, _ moves: [String]) async throws -> Result<Record, Diagnostic> {
        let bytes = Array(row.serialized.utf8)
        return try #require(try await readRows(bytes, shape: RowShape(mapping: RowMapping(moves))).rows.first).record
    }

    @Test("keys move to where they belong, and what is not wanted is dropped")
    func moves() async throws {
        let row: JSON = ["question": "Q", "gold": ["answer": "A", "score": 1], "junk": 1, "more": 2]
        let record = try await mapped(
            row,
            ["question=inputs.question", "gold.answer=expectations.expected_response", "gold=", "junk=", "more="]
        )
        .get()
        #expect(record.row == ["inputs": ["question": "Q"], "expectations": ["expected_response": "A"]])
        let rest = try await mapped(row, ["question=inputs.question", "*="]).get()
        #expect(rest.row == ["inputs": ["question": "Q"]])
    }

    @Test("a move that can't be read or made is told")
    func malformed() async throws {
        for move in ["question", "question=answer", "=inputs", "a=inputs[0]"] {
            #expect(throws: Diagnostic.self) { try RowMapping([move]) }
        }
        let result = try await mapped(["inputs": ["q": 1], "x": 2], ["x=inputs.q.deep"])
        #expect(throws: Diagnostic.self) { try result.get() }
    }
}
