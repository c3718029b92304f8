import EvalJSON
import Foundation
import Testing

@Suite struct ScoreTests {
    @Test("rows come out in order, byte for byte, with feedback as their last key")
    func filter() throws {
        let place = try Workplace()
        var input = ""
        for index in 0..<3_000 {
            input +=
                #"{ "outputs" : "a\u00e9 \#(index)",  "inputs":{"n":1.0e2},"expectations":{"expected_response":"aé 7"} }"#
                + "\r\n"
        }
        let outcome = try place.run(["score", "--scorer", "exact_match", "--scorer", "contains:value=9"], input: input)
        #expect(outcome.status == 0, "\(outcome.error)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 3_000)
        for (index, line) in lines.enumerated() {
            let row =
                #"{ "outputs" : "a\u00e9 \#(index)",  "inputs":{"n":1.0e2},"expectations":{"expected_response":"aé 7"} "#
            #expect(line.hasPrefix(row + #","feedback":{"exact_match":{"value":\#(index == 7)"#))
        }
        #expect(!FileManager.default.fileExists(atPath: place.folder.appendingPathComponent(".evalhost").path))
    }

    @Test("a malformed row stops the filter after the rows before it")
    func malformed() throws {
        let place = try Workplace()
        let good = #"{"inputs":{},"outputs":"x","expectations":{"expected_response":"x"}}"# + "\n"
        let input = String(repeating: good, count: 700) + "nonsense\n" + good
        let outcome = try place.run(["score", "--scorer", "exact_match"], input: input)
        #expect(outcome.status == 2)
        #expect(outcome.output.split(separator: "\n").count == 700)
        #expect(outcome.error.contains("standard input:701"))
        let lenient = try place.run(["score", "--scorer", "exact_match", "--max-errors", "1"], input: input)
        #expect(lenient.status == 0)
        #expect(try lenient.lines()[700]["error"]?["code"] == "malformed_record")
        #expect(try lenient.lines().count == 702)
    }
}
