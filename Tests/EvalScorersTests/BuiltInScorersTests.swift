import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalScorers

@Suite struct BuiltInScorersTests {
    static let page: String? = try? String(
        contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Documentation/scorers.md"),
        encoding: .utf8
    )

    @Test("the list is sorted, and each scorer has its own name and file")
    func list() throws {
        let names = BuiltInScorers().descriptors.map(\.name)
        #expect(names == names.sorted())
        #expect(Set(names).count == names.count)
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/EvalScorers")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        #expect(files.sorted() == (BuiltInScorers.all.map { "\($0).swift" } + ["BuiltInScorers.swift"]).sorted())
    }

    @Test("names, settings and choices are written in snake case, and each has its help")
    func descriptors() {
        for descriptor in BuiltInScorers().descriptors {
            #expect(descriptor.name.wholeMatch(of: /[a-z][a-z0-9_]{0,62}/) != nil)
            #expect(descriptor.help.hasSuffix("."))
            for setting in descriptor.settings {
                #expect(setting.key.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
                #expect(setting.help.hasSuffix("."))
            }
        }
    }

    @Test("the page has a section for each scorer, and its settings are the scorer's")
    func pageIsComplete() throws {
        let page = try #require(Self.page)
        let sections = page.components(separatedBy: "\n## ").dropFirst()
        #expect(sections.map { String($0.prefix { $0 != "\n" }) } == BuiltInScorers().descriptors.map(\.name))
        for (section, descriptor) in zip(sections, BuiltInScorers().descriptors) {
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            let cells = rows.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
            #expect(cells.map { $0[0] } == descriptor.settings.map { "`\($0.key)`" }, "\(descriptor.name)")
            for (cell, setting) in zip(cells, descriptor.settings) {
                #expect(cell[1] == Self.words(for: setting.kind))
                #expect(cell[2] == Self.words(forDefaultOf: setting), "\(descriptor.name) \(setting.key)")
            }
        }
    }

    @Test("the page's table says what each scorer reads and gives")
    func pageTable() throws {
        let page = try #require(Self.page)
        for descriptor in BuiltInScorers().descriptors {
            let row = page.split(separator: "\n").first { $0.hasPrefix("| [`\(descriptor.name)`]") }
            let cells = try #require(row).split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(cells[1] == descriptor.help)
            #expect(cells[2] == descriptor.reads.map { "`\($0)`" }.joined(separator: ", "))
            #expect(cells[3] == descriptor.value.word)
        }
    }

    static func words(forDefaultOf setting: Setting) -> String {
        if setting.isRequired { return "required" }
        return setting.defaultValue.map { "`\($0.string ?? "\($0)")`" } ?? "–"
    }

    static func words(for kind: Setting.Kind) -> String {
        if case .choice(let words) = kind { return words.map { "`\($0)`" }.joined(separator: ", ") }
        return kind.description
    }

    @Test("a scorer that isn't there is refused with the nearest name")
    func unknown() async throws {
        var descriptor = ExactMatch.descriptor
        descriptor.name = "exact_mach"
        let error = await #expect(throws: Diagnostic.self) {
            try await BuiltInScorers().make(descriptor, configuration: [:])
        }
        #expect(error?.suggestion == "exact_match")
    }

    @Test("an unknown setting is refused with the nearest key")
    func unknownSetting() async throws {
        let error = await #expect(throws: Diagnostic.self) {
            try await BuiltInScorers().make(ExactMatch.descriptor, configuration: ["ignorecase": true])
        }
        #expect(error?.suggestion == "ignore_case")
    }

    @Test(
        "settings that can't be are refused, and the words say why",
        arguments: [
            ("contains", #"{"value": "a", "values": ["b"]}"#, "'contains' takes 'value' or 'values', not both"),
            ("contains", #"{"values": []}"#, "'values' of 'contains' is empty"),
            ("regex_match", "{}", "'regex_match' needs the setting 'pattern' (a text)"),
            (
                "regex_match", #"{"pattern": "é(a"}"#,
                "the pattern of 'regex_match' is wrong at character 4: missing closing parenthesis"
            ),
            (
                "regex_match", #"{"pattern": "\\u0041{,3}+("}"#,
                "the pattern of 'regex_match' is wrong at character 13: missing closing parenthesis"
            ),
            ("response_length", "{}", "'response_length' needs 'min_length', 'max_length' or both"),
            (
                "response_length", #"{"min_length": 3, "max_length": 2}"#,
                "'min_length' (3) of 'response_length' is above 'max_length' (2)"
            ),
            ("response_length", #"{"unit": "word"}"#, "'unit' must be one of chars, words in the configuration"),
            (
                "rouge", #"{"variant": "rougel"}"#,
                "'variant' must be one of rouge1, rouge2, rougeL in the configuration"
            ),
            ("numeric_match", #"{"tolerance": -1}"#, "'tolerance' must be at least 0 in the configuration"),
            ("retrieval_recall", #"{"k": 0}"#, "'k' must be from 1 to 2147483648 in the configuration"),
            ("latency", #"{"max_ms": -1}"#, "'max_ms' must be at least 0 in the configuration"),
            ("tool_calls", #"{"exact": "yes"}"#, "'exact' must be true or false in the configuration"),
            ("pii_detection", #"{"pii_types": ["emial"]}"#, "'pii_types' of 'pii_detection' has no type 'emial'"),
        ]
    )
    func refused(name: String, settings: String, message: String) async throws {
        let descriptor = try #require(BuiltInScorers().descriptors.first { $0.name == name })
        let error = await #expect(throws: Diagnostic.self) {
            try await BuiltInScorers().make(descriptor, configuration: JSON(parsing: settings))
        }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }

    @Test(
        "a row without outputs is an error on the row, for every scorer that reads them",
        arguments: [nil, JSON.null]
    )
    func missingOutputs(outputs: JSON?) async throws {
        for type in BuiltInScorers.all where type.descriptor.reads.contains("outputs") {
            let scorer = try Self.make(type)
            let verdicts = await scorer.score([try Row.make(outputs, expecting: "x")])
            #expect(verdicts == [.errored(.missingField("outputs"))], "\(type)")
        }
    }

    @Test("a row without an expected response is an error for the scorers that need one")
    func missingResponse() async throws {
        for type in BuiltInScorers.all
        where type.descriptor.reads.contains("expectations.expected_response") || type.descriptor.name == "contains" {
            let verdicts = try await Self.make(type).score([try Row.make("x")])
            #expect(verdicts == [.errored(.missingField("expectations.expected_response"))], "\(type)")
        }
    }

    @Test("every scorer answers each row of a batch in its order, and gives the kind of value that it declares")
    func batches() async throws {
        let outputs: [JSON] = ["1", "", "some longer text", ["answer": 42], "1"]
        for type in BuiltInScorers.all {
            let scorer = try Self.make(type)
            let rows = try outputs.map { try Self.row(answering: $0) }
            let verdicts = await scorer.score(rows)
            #expect(verdicts.count == rows.count)
            #expect(verdicts[0] == verdicts[4])
            for verdict in verdicts { #expect(Self.fits(verdict, type.descriptor), "\(type) \(verdict)") }
        }
    }

    /// A row that has all that any scorer reads.
    static func row(answering output: JSON) throws -> Row {
        let expectations: JSON = [
            "expected_response": 1, "expected_documents": ["a"], "expected_tool_calls": [["name": "search"]],
        ]
        let record = try Record(
            row: [
                "inputs": [:], "outputs": output, "expectations": expectations, "retrieved_documents": [["id": "a"]],
                "tool_calls": [["name": "search"]],
            ]
        )
        var trace = Trace.pregenerated(record, outputs: output, nowMilliseconds: 0)
        trace.durationMilliseconds = 20
        trace.spans[0].usage = TokenUsage(inputTokens: 1, outputTokens: 2)
        trace.spans[0].costUSD = 0.5
        return Row(record: record, outputs: output, trace: trace)
    }

    static func make(_ type: any BuiltInScorer.Type) throws -> any BuiltInScorer {
        let needed: JSON =
            switch type.descriptor.name {
            case "regex_match": ["pattern": "x"]
            case "response_length": ["max_length": 3]
            case "json_schema": ["schema": ["type": "integer"]]
            default: [:]
            }
        return try type.init(configuration: type.descriptor.resolve(needed))
    }

    static func fits(_ verdict: Verdict, _ descriptor: ScorerDescriptor) -> Bool {
        guard case .feedback(let feedback) = verdict else { return false }
        return switch (descriptor.value, feedback.value) {
        case (.boolean, .boolean), (.yesNo, .text("yes")), (.yesNo, .text("no")), (.integer, .integer): true
        case (.number, .number(let value)): descriptor.range?.contains(value) ?? (value >= 0)
        default: false
        }
    }
}
