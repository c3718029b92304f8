// Measures what a span costs on its way through EvalWire, in microseconds of processor time.
//
//     wire-bench            100 traces of 10 spans with 13 attributes, as GenAI instrumentation writes them
//     wire-bench FILE       the ExportTraceServiceRequest in a file
//     wire-bench FILE WORD  of what is measured only that with a word in its name

import EvalCore
import EvalJSON
import EvalWire
import Foundation

func madeRequest() -> [UInt8] {
    let input =
        #"[{"role":"system","parts":[{"type":"text","content":"You are a helpful assistant of a shop."}]},"#
        + #"{"role":"user","parts":[{"type":"text","content":"Where is my order?"}]}]"#
    let attributes: JSON = [
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "small",
        "gen_ai.response.model": "small-2025", "gen_ai.usage.input_tokens": 700, "gen_ai.usage.output_tokens": 30,
        "gen_ai.usage.cache_read.input_tokens": 200, "gen_ai.request.temperature": 0.2,
        "server.address": "api.example.com", "gen_ai.input.messages": JSON(input),
        "gen_ai.output.messages":
            #"[{"role":"assistant","parts":[{"type":"text","content":"It is on its way, and will arrive on Monday."}]}]"#,
    ]
    // Messages that follow one another are one message with all of their lists.
    return (0..<100)
        .flatMap { trace in
            let spans = (0..<10)
                .map { number in
                    Span(
                        id: UInt64(number + 1),
                        parentID: number == 0 ? nil : 1,
                        name: "chat small",
                        type: .unknown,
                        startNanoseconds: 1_700_000_000_000_000_000 + Int64(number),
                        endNanoseconds: 1_700_000_000_100_000_000,
                        attributes: attributes
                    )
                }
            return OTLPTraces.encode(spans: spans, traceID: PublicID(bits: UInt128(trace + 1)))
        }
}

func measure(_ what: String, _ spans: Int, _ repeats: Int = 50, _ body: () throws -> Int) rethrows {
    if CommandLine.arguments.count > 2, !what.contains(CommandLine.arguments[2]) { return }
    _ = try body()
    let start = clock()
    var total = 0
    for _ in 0..<repeats { total += try body() }
    let microseconds = Double(clock() - start) * 1e6 / Double(CLOCKS_PER_SEC) / Double(repeats * spans)
    FileHandle.standardOutput.write(
        Data("\(what): \(String(format: "%.2f", microseconds)) µs a span (\(total))\n".utf8)
    )
}

let request =
    CommandLine.arguments.count > 1
    ? Array(try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))) : madeRequest()
let codec = OTLPTraces()
let traces = try codec.decode(protobuf: request)
let spans = traces.reduce(0) { $0 + $1.spans.count }

try measure("read and translate", spans) { try codec.decode(protobuf: request).count }
measure("sum up", spans) { traces.reduce(0) { $0 + TraceRollup($1.spans).metadata.count } }
measure("write as MLflow's JSON", spans) {
    traces.reduce(0) { $0 + MLflowSpanJSON.array($1.spans, traceID: $1.id).serialized.utf8.count }
}
measure("write as OTLP", spans) {
    traces.reduce(0) { $0 + OTLPTraces.encode(spans: $1.spans, traceID: $1.id).count }
}
