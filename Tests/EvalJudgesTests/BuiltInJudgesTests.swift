import EvalCore
import EvalJSON
import Foundation
import Testing

@testable import EvalJudges

@Suite struct BuiltInJudgesTests {
    struct NoModels: ModelDirectory {
        func client(for choice: ModelChoice) throws(Diagnostic) -> any ModelClient {
            throw Diagnostic("no judge model is named")
        }
    }

    /// Settings without which a judge can't be made.
    static func needed(_ name: String) -> JSON {
        switch name {
        case "guidelines", "conversational_guidelines": ["guidelines": "be brief"]
        case "semantic_similarity": ["model": "openai:/scripted"]
        default: [:]
        }
    }

    @Test("the list is sorted, and each judge has its own name, help and settings in snake case")
    func list() {
        let descriptors = BuiltInJudges(models: NoModels()).descriptors
        #expect(descriptors.map(\.name) == descriptors.map(\.name).sorted())
        #expect(Set(descriptors.map(\.name)).count == 24)
        for descriptor in descriptors {
            #expect(JudgeDefinition.isName(descriptor.name))
            #expect(descriptor.help.hasSuffix("."))
            #expect(descriptor.asksJudge)
            #expect(descriptor.origin == .judge(model: nil))
            #expect(descriptor.settings.contains { $0.key == "model" })
            for setting in descriptor.settings {
                #expect(setting.key.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil)
                #expect(setting.help.hasSuffix("."))
            }
        }
    }

    @Test("every judge is in the list, and each is in a file of its room")
    func registry() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/EvalJudges")
        var types: [String] = []
        for part in ["Rows", "Sessions"] {
            let path = folder.appendingPathComponent(part)
            for file in try FileManager.default.contentsOfDirectory(atPath: path.path) {
                let text = try String(contentsOf: path.appendingPathComponent(file), encoding: .utf8)
                types += text.matches(of: /public struct (\w+):/).map { String($0.output.1) }
            }
        }
        #expect(types.sorted() == BuiltInJudges.all.map { "\($0)" }.sorted())
    }

    @Test("a judge is made with its model, and says which it is")
    func making() async throws {
        let catalog = BuiltInJudges(models: ScriptedDirectory([try model(saying: "yes")]))
        for descriptor in catalog.descriptors {
            let scorer = try await catalog.make(descriptor, configuration: Self.needed(descriptor.name))
            #expect(scorer.isSlow)
            #expect(scorer.descriptor.name == descriptor.name)
            #expect(scorer.descriptor.origin == .judge(model: "openai:/scripted"))
            if descriptor.scope == .session {
                let judge = try #require(scorer as? any SessionJudgeScorer)
                #expect(judge.models.map(\.description) == ["openai:/scripted"])
                #expect(judge.callsPerSession == 1)
            } else {
                let judge = try #require(scorer as? any JudgeScorer)
                #expect(judge.models.map(\.description) == ["openai:/scripted"])
                #expect(judge.callsPerRow == (descriptor.name == "retrieval_relevance" ? 5 : 1))
            }
        }
    }

    @Test("without a model, making a judge fails with what the directory says")
    func noModel() async throws {
        let catalog = BuiltInJudges(models: NoModels())
        for descriptor in catalog.descriptors {
            await #expect(throws: Diagnostic.self) {
                try await catalog.make(descriptor, configuration: Self.needed(descriptor.name))
            }
        }
    }

    @Test(
        "a wrong setting is refused with its key",
        arguments: [
            ("correctness", #"{"modle": "x"}"#, "'correctness' has no setting 'modle'; did you mean 'model'?"),
            ("correctness", #"{"vote": "mean"}"#, "'vote' must be one of majority, all, any"),
            ("hallucination", #"{"vote": "majority"}"#, "'vote' must be one of mean, max, min"),
            ("guidelines", "{}", "'guidelines' needs the setting 'guidelines'"),
            ("guidelines", #"{"guidelines": []}"#, "'guidelines' must have 1 to 200 texts"),
            ("safety", #"{"samples": 0}"#, "'samples' must be from 1 to 100"),
            ("safety", #"{"parameters": {"temperature": "hot"}}"#, "'temperature' must be a number"),
            ("safety", #"{"endpoint": "http://x"}"#, "'endpoint' must be an object"),
            ("semantic_similarity", "{}", "'semantic_similarity' needs the setting 'model'"),
        ]
    )
    func wrongSetting(name: String, configuration: String, message: String) async throws {
        let directory = ScorerDirectory([BuiltInJudges(models: ScriptedDirectory([try model(saying: "yes")]))])
        let spec = try ScorerSpec(name, entry: JSON(parsing: configuration))
        await #expect {
            try await directory.make(spec)
        } throws: {
            "\($0)".hasPrefix(message)
        }
    }

    @Test("an unknown model is refused at the setting that names it")
    func unknownModel() async throws {
        let catalog = BuiltInJudges(models: ScriptedDirectory([try model(saying: "yes")]))
        let descriptor = try #require(catalog.descriptors.first { $0.name == "safety" })
        await #expect {
            try await catalog.make(descriptor, configuration: ["model": ["openai:/other"]])
        } throws: {
            ($0 as? Diagnostic)?.setting == "model"
        }
    }

    @Test("options of a program are checked when the judge is bound")
    func wrongOptions() async throws {
        let models = ScriptedDirectory([try model(saying: "yes")])
        let wrong: [(JudgeOptions, String)] = [
            (JudgeOptions(samples: 0), "samples"), (JudgeOptions(samples: -1), "samples"),
            (JudgeOptions(vote: .mean), "vote"), (JudgeOptions(endpoint: [1]), "endpoint"),
            (JudgeOptions(models: Array(repeating: "openai:/scripted", count: 17)), "model"),
        ]
        for (options, setting) in wrong {
            await #expect {
                try await Safety(options: options).bound(to: models as any ModelDirectory)
            } throws: {
                ($0 as? Diagnostic)?.setting == setting
            }
        }
    }

    @Test("a judge that has no model yet answers every row and session with an error that says so")
    func unbound() async throws {
        let judges: [any UnboundJudge] = [
            Correctness(), Guidelines(guidelines: "be brief"), RelevanceToQuery(), Safety(), UserFrustration(),
            SemanticSimilarity(model: "openai:/e"), try Judge(name: "polite", instructions: "{{ outputs }}?"),
        ]
        let row = try Row(["inputs": ["q": "x"], "outputs": "y"])
        for judge in judges {
            #expect(judge.isSlow)
            #expect(await judge.score([row, row]).map(\.error?.code) == ["judge_unbound", "judge_unbound"])
        }
        let session = try Session(["inputs": ["q": "x"], "outputs": "y"])
        #expect(try await UserFrustration().verdict(session).error?.code == "judge_unbound")
    }

    @Test("a judge of a program has the name that it is given")
    func ownName() {
        #expect(Guidelines(name: "is_english", guidelines: "English only").descriptor.name == "is_english")
        #expect(Correctness().descriptor.name == "correctness")
    }
}
