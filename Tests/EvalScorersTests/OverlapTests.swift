// BLEU, chrF and ROUGE beside sacrebleu and rouge-score. `reference/overlap_values.py` made the files and says how to make
// them anew.

import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalScorers

@Suite struct OverlapTests {
    static let names = ["bleu", "chrf", "rouge1", "rouge2", "rougeL"]

    static func values(_ output: Text, _ references: [Text]) throws -> [Double] {
        [BLEU.bleu(output, references), try ChrF.chrF(output, references)]
            + (try ROUGE.Variant.allCases.map { try ROUGE($0).rouge(output, references) })
    }

    static func load(_ name: String) throws -> JSON {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/\(name).json")
        return try JSON(parsing: Data(contentsOf: file))
    }

    @Test("the values of texts of ours are those of sacrebleu and rouge-score")
    func references() throws {
        let cases = try #require(try Self.load("overlap_values")["cases"])
        #expect(cases.count > 200)
        for each in cases.elements {
            let output = try #require(each["output"]?.text)
            let references = each["references"]?.elements.compactMap(\.text) ?? []
            let values = try Self.values(output, references)
            for (index, expected) in (each["values"]?.elements.compactMap(\.number) ?? []).enumerated() {
                let words = "\(Self.names[index]) \(values[index]), not \(expected): \(each)".prefix(900)
                #expect(abs(values[index] - expected) < 1e-12, "\(words)")
            }
        }
    }

    @Test(
        "the values of rows of HaluEval and BEGIN are those of sacrebleu and rouge-score",
        .enabled(if: ProcessInfo.processInfo.environment["EVALHOST_SHARED_DATA"] != nil)
    )
    func sharedData() throws {
        let folder = try #require(ProcessInfo.processInfo.environment["EVALHOST_SHARED_DATA"])
        func lines(_ path: String) throws -> [Data] {
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(path)")).split(separator: UInt8(ascii: "\n"))
        }
        let answers = try lines("halueval/general_data.json")
            .map { line in
                let row = try JSON(parsing: line)
                return (row["chatgpt_response"]?.text, row["user_query"]?.text)
            }
        let begin = try lines("begin/wow/begin_dev_wow.tsv").dropFirst()
            .map { line in
                let cells = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                return (
                    Text(String(decoding: cells[4], as: UTF8.self)), Text(String(decoding: cells[2], as: UTF8.self))
                )
            }
        let measured = try Self.load("overlap_of_shared_data")
        var count = 0
        for (name, rows) in [("halueval", answers), ("begin", begin.map { (.some($0), .some($1)) })] {
            for numbers in measured[name]?.elements.map({ $0 }) ?? [] {
                let expected = numbers.elements.compactMap(\.number)
                let (output, reference) = rows[Int(expected[0])]
                let (text, other) = (try #require(output), try #require(reference))
                #expect(text.count == Int(expected[1]) && other.count == Int(expected[2]), "another row")
                let values = try Self.values(text, [other])
                for (value, expected) in zip(values, expected.dropFirst(3)) {
                    #expect(abs(value - expected) < 1e-12, "\(name) \(numbers)")
                }
                count += 1
            }
        }
        #expect(count == 268)
    }

    @Test("several expected responses are a list of texts; any other value is its text")
    func severalReferences() throws {
        let output: JSON = "the cat sat"
        #expect(try BLEU().score(Row.make(output, expecting: ["a dog", "the cat sat"])) == .number(1))
        #expect(try ChrF().score(Row.make(output, expecting: ["a dog", "the cat sat"])) == .number(1))
        #expect(try ROUGE().score(Row.make(output, expecting: ["a dog", "the cat sat"])) == .number(1))
        #expect(
            try ROUGE().score(Row.make(output, expecting: [["role": "assistant", "content": "The cat sat!"]]))
                == .number(1)
        )
        #expect(try ChrF().score(Row.make("[1,2]", expecting: [1, 2])) == .number(1))
    }

    @Test("characters are counted alike however many kinds there are, and however long the texts are")
    func characterPaths() throws {
        // Few kinds and short, few and long, many kinds: three ways through the counting.
        var state: UInt64 = 7
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for (kinds, length) in [
            (2, 50), (2, 3000), (3, 20_000), (40, 500), (63, 900), (64, 900), (65, 900), (2000, 3000),
        ] {
            let texts = (0..<2)
                .map { _ in
                    String(
                        String.UnicodeScalarView((0..<length).compactMap { _ in Unicode.Scalar(0x100 + draw(kinds)) })
                    )
                }
            let counts = try CharacterNGrams(Text(texts[0]), Text(texts[1]))
            let scalars = texts.map { Array($0.unicodeScalars) }
            for (less, found) in counts.byLength.enumerated() {
                let grams = scalars.map { scalars in
                    Dictionary(
                        (0..<(scalars.count - less)).map { (Array(scalars[$0...($0 + less)]), 1) },
                        uniquingKeysWith: +
                    )
                }
                let shared = grams[0].reduce(0) { $0 + min($1.value, grams[1][$1.key] ?? 0) }
                #expect(found == (length - less, length - less, shared), "\(kinds) kinds, \(length) characters")
            }
        }
    }

    @Test("texts with too many words for rougeL are an error, other variants take them")
    func tooLong() throws {
        let text = Text(String(repeating: "a ", count: 200_001))
        let error = #expect(throws: ScorerError.self) { try ROUGE(.rougeL).rouge(text, [text]) }
        #expect(error?.code == "too_long")
        #expect(try ROUGE(.rouge2).rouge(text, [text]) == 1)
    }

    @Test("the shortcuts to a lower case are right for all of Unicode")
    func lowerCase() {
        let wrong = (0x80...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }
            .filter { scalar in
                LowerCase.shortcut(scalar).map { String($0) != scalar.properties.lowercaseMapping } ?? false
            }
        #expect(wrong.isEmpty)
        // The room that lower-casing takes.
        let long = (0x80...0x10FFFF).compactMap { Unicode.Scalar($0 as UInt32) }
            .filter { $0.properties.lowercaseMapping.utf8.count > 2 * UTF8.width($0) }
        #expect(long.isEmpty)
    }

    @Test("words are told apart by their bytes, and found at every length")
    func vocabulary() {
        let words =
            (1...200).map { String(repeating: "x", count: $0) + "y" }
            + (1...200).map { String(repeating: "x", count: $0) }
        let text = Text(words.joined(separator: " "))
        let other = Text(words.reversed().joined(separator: " "))
        #expect(TokenF1.f1(text, other) == 1)
        #expect(TokenF1.f1(text, Text(words.map { $0 + "z" }.joined(separator: " "))) == 0)
    }
}
