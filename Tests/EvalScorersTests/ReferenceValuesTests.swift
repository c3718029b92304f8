// Our values beside those of MLflow 3.17.2, of Python and of SQuAD's definition. `reference/reference_values.py` made
// the file and says how to make it anew.

import EvalCore
import EvalJSON
import EvalScorers
import Foundation
import Testing

@Suite struct ReferenceValuesTests {
    /// What differs on purpose: our value, and why.
    static let deviations: [String: (value: JSON, reason: String)] = [
        "pii card with a wrong check digit": ("yes", "a card number has a right check digit (Luhn)"),
        "pii card and nothing else, wrong check digit": ("yes", "a card number has a right check digit (Luhn)"),
        "length an object": ("yes", "the text of an object is its compact JSON, MLflow's has spaces"),
        "f1 both empty": (1, "two texts without words are the same, as in SQuAD 2.0"),
        "f1 only articles": (1, "two texts without words are the same, as in SQuAD 2.0"),
        "regex dotted capital i ignoring case": ("no", "PCRE2 folds no dotted capital I to i"),
        "regex U+001C is space": ("no", "white space is what Unicode calls so"),
        "regex U+180E is no space": ("yes", "PCRE2 counts U+180E among the spaces"),
    ]

    @Test("every value is the reference's, or differs on purpose")
    func values() async throws {
        var unused = Set(Self.deviations.keys)
        for reference in try Reference.load()["cases"]?.elements.map({ $0 }) ?? [] {
            let id = try #require(reference["id"]?.string)
            let value = try #require(reference["value"])
            let ours = try await Reference.value(reference)
            if let deviation = Self.deviations[id] {
                #expect(ours == deviation.value && ours != value, "\(id): \(ours), \(deviation.reason)")
                unused.remove(id)
            } else {
                #expect(Reference.isSame(ours, value), "\(id): \(ours), the reference is \(value)")
            }
        }
        #expect(unused.isEmpty)
    }

    @Test("personal data is found in random texts where MLflow finds it, but for cards with a wrong check digit")
    func randomPersonalData() throws {
        let scorer = PIIDetection()
        let references = try #require(try Reference.load()["pii"])
        #expect(references.count == 800)
        for reference in references.elements {
            let text = try #require(reference["text"]?.text)
            var expected = reference["types"]?.elements.compactMap(\.string) ?? []
            if reference["luhn"]?.boolean == false { expected.removeAll { $0 == "credit_card" } }
            #expect(scorer.types(in: text).map(\.rawValue) == expected, "\(JSON(String(text)))")
        }
    }

    @Test("the F1 of random texts is that of SQuAD's definition")
    func randomF1() throws {
        for reference in try #require(try Reference.load()["f1"]).elements {
            let output = try #require(reference["outputs"]?.text)
            let expected = try #require(reference["expected"]?.text)
            let f1 = TokenF1.f1(output, expected)
            let reference = try #require(reference["f1"]?.number)
            // Two texts without words are 1 for us.
            let isBothEmpty = f1 == 1 && reference == 0
            #expect(abs(f1 - reference) < 1e-12 || isBothEmpty, "\(output) | \(expected)")
        }
    }
}

/// The committed values.
enum Reference {
    static func load() throws -> JSON {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("reference/reference_values.json")
        return try JSON(parsing: Data(contentsOf: file))
    }

    /// Our value for a case; `refused` where the settings are.
    static func value(_ reference: JSON) async throws -> JSON {
        let name = reference["scorer"]?.string ?? ""
        let catalog = BuiltInScorers()
        let descriptor = try #require(catalog.descriptors.first { $0.name == name })
        let settings = reference["settings"] ?? [:]
        guard let scorer = try? await catalog.make(descriptor, configuration: settings) else { return "refused" }
        let row = try Row.make(reference["outputs"], expecting: reference["expected"])
        return try #require(await scorer.score([row]).first?.values.first).value.json
    }

    static func isSame(_ ours: JSON, _ reference: JSON) -> Bool {
        guard let a = ours.number, let b = reference.number else { return ours == reference }
        return abs(a - b) < 1e-12
    }
}

extension Row {
    /// A row with these outputs and this expected response.
    static func make(_ outputs: JSON?, expecting expected: JSON? = nil) throws -> Row {
        let expectations = expected.flatMap { $0.isNull ? nil : JSON.object([("expected_response", $0)]) }
        let record = try Record(inputs: [:], outputs: outputs, expectations: expectations)
        return Row(record: record, outputs: outputs, trace: .pregenerated(record, outputs: outputs, nowMilliseconds: 0))
    }
}
