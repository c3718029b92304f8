// How long the built-in scorers take for a row whose output is 1.1 KB: processor time, the best of nine rounds over
// batches of 256 rows, so that other work on the machine counts little.
//
//     EVALHOST_BENCHMARKS=1 swift build -c release --product scorers-bench && .build/release/scorers-bench [PART OF A NAME]

import EvalCore
import EvalJSON
import EvalScorers
import Foundation

func text(_ filler: String) -> String {
    var text = ""
    while text.utf8.count < 1100 { text += filler }
    return text
}

func rows(
    _ output: String,
    _ expected: String,
    expecting further: [(String, JSON)] = [],
    having members: [(String, JSON)] = []
) throws -> [Row] {
    try (0..<256)
        .map { _ in
            let expectations = JSON.object([("expected_response", JSON(expected))] + further)
            let json = JSON.object(
                [("inputs", JSON.object([])), ("outputs", JSON(output)), ("expectations", expectations)] + members
            )
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
    if let wanted = CommandLine.arguments.dropFirst().first, !name.contains(wanted) { return }
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

/// Different words, as in two answers to one question.
let reworded = text(
    "We answer your question gladly, thank you: by noon or nine on 2 May, the parcel is going to arrive. "
)
/// Sentences of which no two are the same, as in most texts.
let varied = words(seed: 1)
let variedOther = words(seed: 2)

/// Prose of 1.1 KB out of words of 1 to 9 letters.
func words(seed: UInt64) -> String {
    var state = seed
    func draw(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % count
    }
    let letters = Array("eeeetttaaaooiinnsshhrrddlcumwfgypbvk")
    let vocabulary = (0..<400).map { _ in String((0...draw(9)).map { _ in letters[draw(letters.count)] }) }
    state = seed &+ 100
    var text = ""
    while text.utf8.count < 1100 {
        // Low numbers more often, as in languages.
        text += vocabulary[draw(1 + draw(vocabulary.count))] + (draw(8) == 0 ? ", " : " ")
    }
    return text
}

let variedRows = try rows(varied, variedOther)
let rewordedRows = try rows(prose, reworded)
let document =
    JSON.object(
        (0..<8)
            .map {
                (
                    "item_\($0)",
                    ["id": JSON($0), "name": "a name of it", "price": 19.99, "tags": ["a", "b", "c"], "open": true]
                )
            }
    )
    .serialized
let asJSON = try rows(document + String(repeating: " ", count: max(0, 1100 - document.utf8.count)), document)
let schema: JSON = [
    "type": "object", "minProperties": 1,
    "additionalProperties": [
        "type": "object", "required": ["id", "name"], "additionalProperties": false,
        "properties": [
            "id": ["type": "integer", "minimum": 0], "name": ["type": "string", "minLength": 1, "maxLength": 50],
            "price": ["type": "number", "multipleOf": 0.01],
            "tags": ["type": "array", "items": ["enum": ["a", "b", "c"]]],
            "open": ["type": "boolean"],
        ],
    ],
]
let documents = JSON.array((0..<10).map { ["id": JSON("doc-\($0)"), "content": JSON(String(varied.prefix(100)))] })
let retrieving = try rows(
    "x",
    "x",
    expecting: [("expected_documents", ["doc-3", "doc-7", "other"])],
    having: [("retrieved_documents", documents)]
)
let calls: JSON = ["name": "search", "arguments": ["query": "parcel", "limit": 10]]
let calling = try rows(
    "x",
    "x",
    expecting: [("expected_tool_calls", .array(Array(repeating: calls, count: 5)))],
    having: [("tool_calls", .array(Array(repeating: calls, count: 5)))]
)

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
await measure("token_f1, varied words", TokenF1(), variedRows)
await measure("bleu, the same text", BLEU(), same)
await measure("bleu, other words", BLEU(), rewordedRows)
await measure("bleu, varied words", BLEU(), variedRows)
await measure("bleu, some not ASCII", BLEU(), someWide)
await measure("chrf, the same text", ChrF(), same)
await measure("chrf, other words", ChrF(), rewordedRows)
await measure("chrf, varied words", ChrF(), variedRows)
await measure("chrf, some not ASCII", ChrF(), someWide)
await measure("chrf, CJK", ChrF(), allWide)
await measure("rouge rouge1, varied words", ROUGE(.rouge1), variedRows)
await measure("rouge rouge2, varied words", ROUGE(.rouge2), variedRows)
await measure("rouge rougeL, the same text", ROUGE(.rougeL), same)
await measure("rouge rougeL, varied words", ROUGE(.rougeL), variedRows)
await measure("rouge rougeL, some not ASCII", ROUGE(.rougeL), someWide)
await measure("numeric_match, prose", NumericMatch(), same)
await measure("numeric_match, numbers everywhere", NumericMatch(), try rows(digits, "1"))
await measure("numeric_match tolerance", NumericMatch(tolerance: 0.5), try rows(prose, "9"))
await measure("json_match", JSONMatch(), asJSON)
await measure("json_match ignore_order", JSONMatch(ignoreOrder: true), asJSON)
await measure("json_match, no JSON", JSONMatch(), try rows(prose, "{}"))
await measure("json_schema", try JSONSchemaMatch(schema), asJSON)
await measure("json_schema, no JSON", try JSONSchemaMatch(schema), same)
await measure("latency, not measured", Latency(), same)
await measure("token_usage, not measured", TokenCount(), same)
await measure("cost, not measured", Cost(), same)
await measure("retrieval_recall, 10 documents", RetrievalRecall(), retrieving)
await measure("retrieval_precision k, 10 documents", RetrievalPrecision(k: 5), retrieving)
await measure("retrieval_mrr, 10 documents", RetrievalMRR(), retrieving)
await measure("retrieval_ndcg, 10 documents", RetrievalNDCG(), retrieving)
await measure("tool_calls, 5 calls", ToolCalls(), calling)

// Texts of 110 KB: a hundred times the length is to be about a hundred times the time.
let long = try rows(String(repeating: varied, count: 100), String(repeating: variedOther, count: 100)).prefix(8)
let longJSON = JSON.array(Array(repeating: try JSON(parsing: document), count: 100)).serialized
let longDocuments = try rows(longJSON, longJSON).prefix(8)
await measure("110 KB: token_f1", TokenF1(), Array(long))
await measure("110 KB: bleu", BLEU(), Array(long))
await measure("110 KB: chrf", ChrF(), Array(long))
await measure("110 KB: rouge rougeL", ROUGE(.rougeL), Array(long))
await measure(
    "110 KB: numeric_match",
    NumericMatch(),
    try Array(rows(String(repeating: digits, count: 100), "1").prefix(8))
)
await measure("110 KB: json_match ignore_order", JSONMatch(ignoreOrder: true), Array(longDocuments))
