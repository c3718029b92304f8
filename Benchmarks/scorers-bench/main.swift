// How long the built-in scorers take for a row whose output is 1.1 KB: processor time, the best of nine rounds over
// batches of 256 rows, so that other work on the machine counts little.
//
//     EVALHOST_BENCHMARKS=1 swift build -c release --product scorers-bench && .build/release/scorers-bench

import EvalCore
import EvalJSON
import EvalScorers
import Foundation

func text(_ filler: String) -> String {
    var text = ""
    while text.utf8.count < 1100 { text += filler }
    return text
}

func rows(_ output: String, _ expected: String) throws -> [Row] {
    try (0..<256)
        .map { _ in
            let expectations = JSON.object([("expected_response", JSON(expected))])
            let json = JSON.object([
                ("inputs", JSON.object([])), ("outputs", JSON(output)), ("expectations", expectations),
            ])
            let record = try Record(row: JSON(parsing: json.serialized))
            let trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
            return Row(record: record, outputs: record.outputs, trace: trace)
        }
}

func processorNanoseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

func measure(_ name: String, _ scorer: some Scorer, _ rows: [Row]) async {
    var best = Double.infinity
    var batches = 4
    var verdicts = 0
    for _ in 0..<9 {
        let start = processorNanoseconds()
        for _ in 0..<batches { verdicts += await scorer.score(rows).count }
        let perRow = (processorNanoseconds() - start) / Double(batches * rows.count)
        best = min(best, perRow)
        batches = max(4, min(2000, Int(5e7 / (perRow * Double(rows.count)))))
    }
    precondition(verdicts > 0)
    print(name.padding(toLength: 48, withPad: " ", startingAt: 0), String(format: "%9.0f ns a row", best))
}

/// What the loop over a batch costs by itself.
struct Nothing: RowScorer {
    let descriptor = ExactMatch().descriptor
    func score(_ row: Row) throws(ScorerError) -> Verdict { .boolean(row.outputs == nil) }
}

let prose = text("Thank you for your question, which we answer gladly: the parcel arrives on 2 May, by nine or noon. ")
let typographic = text("Thank you – “gladly” – for your question: the parcel arrives on 2 May, by nine or noon. ")
let cjk = text("ご質問ありがとうございます。お荷物は5月2日に届きます。")
let digits = text("12 345 67-8 1.2.3 44 (555) 12-34 ")

let same = try rows(prose, prose)
let other = try rows(prose, String(prose.dropLast()) + "!")
let short = try rows(prose, "noon")
let missing = try rows(prose, "no such words")
let upper = try rows(prose, prose.uppercased())
let someWide = try rows(typographic, typographic.uppercased())
let allWide = try rows(cjk, cjk + "x")
let numbers = try rows(digits, "x")

await measure("a scorer that does nothing", Nothing(), same)
await measure("exact_match, same", ExactMatch(), same)
await measure("exact_match, last byte differs", ExactMatch(), other)
await measure("exact_match ignore_case", ExactMatch(ignoreCase: true), upper)
await measure("exact_match ignore_case, not ASCII", ExactMatch(ignoreCase: true), someWide)
await measure("exact_match whitespace", ExactMatch(normalize: .whitespace), other)
await measure("exact_match nfkc, not ASCII", ExactMatch(normalize: .nfkc), someWide)
await measure("contains expected, not there", Contains(), missing)
await measure("contains value, not there", Contains("no such words"), same)
await measure("contains ignore_case, not there", Contains("No Such Words", ignoreCase: true), same)
await measure("contains ignore_case, not ASCII", Contains("No Such Words", ignoreCase: true), someWide)
await measure("response_length chars", ResponseLength(...2000), same)
await measure("response_length chars, CJK", ResponseLength(...2000), allWide)
await measure("response_length words", ResponseLength(...2000, unit: .words), same)
await measure("response_length words, not ASCII", ResponseLength(...2000, unit: .words), someWide)
await measure("regex_match ^Thank", try RegexMatch("^Thank"), same)
await measure(#"regex_match \bzebra\b"#, try RegexMatch(#"\bzebra\b"#), same)
await measure(#"regex_match \d{4}-\d{2}, absent"#, try RegexMatch(#"\d{4}-\d{2}"#), same)
await measure(#"regex_match (?i)zebra|yak, absent"#, try RegexMatch("zebra|yak", caseInsensitive: true), same)
await measure("pii_detection, prose", PIIDetection(), same)
await measure("pii_detection all types, prose", PIIDetection(PIIType.allCases), same)
await measure("pii_detection, some not ASCII", PIIDetection(), someWide)
await measure("pii_detection, CJK", PIIDetection(), allWide)
await measure("pii_detection all types, digits everywhere", PIIDetection(PIIType.allCases), numbers)
await measure("token_f1, 1.1 KB both", TokenF1(), same)
await measure("token_f1, short expectation", TokenF1(), short)
await measure("token_f1, some not ASCII", TokenF1(), someWide)
