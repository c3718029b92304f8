// `evalhost import mlflow`: what MLflow's client wrote to files.

import EvalJSON
import Foundation
import Testing

@Suite struct ImportCommandTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    @Test("traces, records and data sets of one call each go where they belong, and only once")
    func mixed() throws {
        let record =
            #"{"dataset_record_id":"dr-1","dataset_id":"d-1","inputs":{"q":"a"},"expectations":{"e":1},"tags":{},"#
            + #""source":{"source_type":"HUMAN","source_data":{}},"created_time":1,"last_update_time":1}"#
        try place.write(
            "mixed.jsonl",
            TraceFiles.mlflow(1, question: "q", answer: "a") + record + "\n" + TraceFiles.otlp
        )
        let dataset =
            #"{"dataset_id":"d-2","name":"theirs","digest":"x","records":["# + record + "," + #"{"inputs":{"q":"b"}}"#
            + "]}"
        try place.write("dataset.json", dataset)
        let first = try place.succeed(["import", "mlflow", "mixed.jsonl", "dataset.json", "--experiment", "bot"])
        #expect(
            first.output == """
                traces: 2 added, 0 completed, 0 unchanged
                mixed@2  1 added, 0 changed, 0 unchanged; 1 records
                theirs@2  2 added, 0 changed, 0 unchanged; 2 records

                """
        )
        let again = try place.succeed(["import", "mlflow", "mixed.jsonl", "dataset.json", "--dataset", "theirs"])
        #expect(
            again.output == """
                traces: 0 added, 0 completed, 2 unchanged
                theirs@2  0 added, 0 changed, 3 unchanged; 2 records

                """
        )
        #expect(try place.json("traces", "list", "--experiment", "bot")["traces"]?.count == 2)
        #expect(try place.json("datasets", "show", "theirs")["items"]?[0]?["expectations"] == ["e": 1])
    }

    @Test("what is neither is told with its place, and nothing is imported")
    func refused() throws {
        try place.write("bad.jsonl", TraceFiles.mlflow(1, question: "q", answer: "a") + #"{"question":"q"}"#)
        let outcome = try place.run(["import", "mlflow", "bad.jsonl"])
        #expect(outcome.status == 2 && outcome.error.contains("bad.jsonl:2: this is neither a trace nor a record"))
        try place.write("nameless.json", #"{"records":[{"outputs":"x"}],"name":"n"}"#)
        let nameless = try place.run(["import", "mlflow", "nameless.json"])
        #expect(nameless.status == 2 && nameless.error.contains("records[0] needs `inputs`"))
        #expect(try place.run(["traces", "list"]).error.contains("there is no store"))
    }
}
