import EvalHost

/// The application under test: it knows two capitals.
func answer(_ question: String) throws -> String {
    struct Unanswerable: Error {}
    switch question {
    case "Capital of Australia?": return "Canberra"
    case "Capital of Brazil?": return "Brasilia"
    default: throw Unanswerable()
    }
}

let result = try await evaluate(
    data: .records([
        Record(inputs: ["question": "Capital of Australia?"], expectations: ["expected_response": "Canberra"]),
        Record(inputs: ["question": "Capital of Brazil?"], expectations: ["expected_response": "Brasília"]),
        Record(inputs: ["question": "Capital of Atlantis?"], expectations: ["expected_response": "There is none."]),
    ]),
    scorers: [ExactMatch(), TokenF1(), try await Plugin("edit_similarity", in: "../../Plugins")],
    predict: { inputs in try answer(inputs["question"]?.string ?? "") }
)

for (name, value) in result.metrics.sorted(by: { $0.key < $1.key }) { print(name, value) }
print("rows \(result.rows), errors \(result.errors)")
