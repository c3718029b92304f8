// `evalhost feedback`: what people say of traces.

internal import ArgumentParser
internal import EvalCore
internal import EvalJSON
internal import EvalStore
internal import EvalWire
internal import Foundation

struct FeedbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feedback",
        abstract: "Say what is good and bad of traces, and see how far reviewers agree.",
        subcommands: [Add.self, Revise.self, List.self, Export.self, Agreement.self],
        defaultSubcommand: List.self
    )

    /// Who says it, and why.
    struct Author: ParsableArguments {
        @Option(help: ArgumentHelp("Why.", valueName: "text"))
        var rationale: String?
        @Option(help: ArgumentHelp("Who judges: human, llm_judge or code.", valueName: "kind"))
        var source: SourceKind = .human
        @Option(
            help: ArgumentHelp("Who exactly.", discussion: "Default: the user that is logged in", valueName: "id")
        )
        var user: String?
        @Option(help: ArgumentHelp("A detail; may be given several times.", valueName: "key=value"))
        var metadata: [String] = []

        /// The source of what is said.
        var origin: AssessmentSource {
            let login = ProcessInfo.processInfo.environment["USER"].flatMap { $0.isEmpty ? nil : $0 }
            return AssessmentSource(kind: source.kind, id: user ?? login ?? "default")
        }

        func details() throws(Diagnostic) -> JSON? {
            var members: [(String, JSON)] = []
            for word in metadata {
                guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                    throw Diagnostic("--metadata is key=value, not '\(word)'")
                }
                members.append((String(word[..<equals]), JSON(String(word[word.index(after: equals)...]))))
            }
            return members.isEmpty ? nil : .object(members)
        }
    }

    enum SourceKind: String, ExpressibleByArgument, CaseIterable {
        case human, code
        case judge = "llm_judge"

        var kind: AssessmentSource.Kind {
            switch self {
            case .human: .human
            case .code: .code
            case .judge: .judge
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Attach feedback, or what would have been right, to a trace or to one of its spans.",
            discussion: """
                A value is JSON where it reads as JSON (true, 0.5, ["a"], "5" with its quotes), and a text otherwise.

                Example:
                  evalhost feedback add tr-0192f3 helpful true --rationale "names the form" --user ann
                  evalhost feedback add tr-0192f3 expected_response "Within 14 days." --expectation
                """
        )

        @Argument(help: "The trace: tr-… or the beginning of one.")
        var trace: String
        @Argument(help: "What is judged.")
        var name: String
        @Argument(help: "The value.")
        var value: String
        @Option(help: ArgumentHelp("The span that is judged: 16 hexadecimal digits.", valueName: "id"))
        var span: String?
        @Flag(help: "The value is what would have been right, not a judgement.")
        var expectation = false
        @OptionGroup var author: Author
        @OptionGroup var store: StoreOptions

        func run() async throws {
            guard !name.isEmpty else { throw Diagnostic("the name of what is judged is empty") }
            let content = try AssessmentValue.content(value, isExpectation: expectation)
            let metadata = try author.details()
            let store = try store.openExisting()
            let record = try await store.trace(named: trace)
            let now = Moment.now
            let assessment = Assessment(
                traceID: record.trace.id,
                spanID: try span.map { word throws(Diagnostic) in try Self.span(word, of: record.trace) },
                name: name,
                content: content,
                rationale: author.rationale,
                source: author.origin,
                metadata: metadata,
                createdMilliseconds: now,
                updatedMilliseconds: now
            )
            _ = try await store.add(assessment)
            Console.output("\(assessment.id.assessmentID)  \(record.trace.id.traceID)\n")
        }

        private static func span(_ word: String, of trace: Trace) throws(Diagnostic) -> UInt64 {
            guard word.utf8.count == 16, let id = UInt64(word, radix: 16), trace.spans.contains(where: { $0.id == id })
            else {
                throw Diagnostic(
                    "the trace has no span '\(word)'",
                    didYouMean: nearestWord(to: word, among: trace.spans.map { TracePage.hexadecimal($0.id) }),
                    help: "`evalhost traces show \(trace.id.traceID)` has the spans."
                )
            }
            return id
        }
    }

    struct Revise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say something else; what was said before is kept and counts no more.",
            discussion:
                "Example:\n  evalhost feedback revise tr-0192f3 helpful false --rationale \"the form is the old one\""
        )

        @Argument(help: "The trace: tr-… or the beginning of one.")
        var trace: String
        @Argument(
            help: ArgumentHelp(
                "What is revised: a-…, or the name where only one of that name counts.",
                valueName: "assessment"
            )
        )
        var assessment: String
        @Argument(help: "The new value.")
        var value: String
        @OptionGroup var author: Author
        @OptionGroup var store: StoreOptions

        func run() async throws {
            let metadata = try author.details()
            let store = try store.openExisting()
            let record = try await store.trace(named: trace)
            let old = try find(record)
            var isExpectation = false
            if case .expectation = old.content { isExpectation = true }
            let now = Moment.now
            let new = Assessment(
                traceID: old.traceID,
                spanID: old.spanID,
                runID: old.runID,
                name: old.name,
                content: try AssessmentValue.content(value, isExpectation: isExpectation),
                rationale: author.rationale,
                source: author.origin,
                metadata: metadata,
                createdMilliseconds: now,
                updatedMilliseconds: now,
                overrides: old.id
            )
            do {
                _ = try await store.add(new)
            } catch let refusal as Refusal where refusal.kind == .missing && isExpectation {
                // Ground truth that a row brought lies with the row; what is said later counts before it.
                var own = new
                own.overrides = nil
                _ = try await store.add(own)
            }
            Console.output("\(new.id.assessmentID)  \(old.traceID.traceID)\n")
        }

        private func find(_ record: TraceRecord) throws(Diagnostic) -> Assessment {
            if let found = record.assessments.first(where: { $0.id.assessmentID == assessment }) {
                guard found.isValid else {
                    throw Diagnostic(
                        "the assessment \(assessment) was overridden already",
                        help: "Revise the one that counts: `evalhost feedback list --trace \(record.trace.id.traceID)`."
                    )
                }
                return found
            }
            let named = record.assessments.filter { $0.isValid && $0.name == assessment }
            guard let found = named.first else {
                throw Diagnostic(
                    "the trace has no assessment '\(assessment)'",
                    didYouMean: nearestWord(to: assessment, among: Set(record.assessments.map(\.name)).sorted()),
                    help: "`evalhost feedback add` makes one."
                )
            }
            guard named.count == 1 else {
                let lines = named.map { "\n    \($0.id.assessmentID)  \($0.source.kind.rawValue) \($0.source.id)" }
                throw Diagnostic(
                    "\(named.count) assessments of the trace are called '\(assessment)'",
                    help: "Name the one that is meant:" + lines.joined()
                )
            }
            return found
        }
    }
}

/// A value on the command line.
enum AssessmentValue {
    /// What a value says.
    ///
    /// - Throws: That it is null.
    static func content(_ text: String, isExpectation: Bool) throws(Diagnostic) -> Assessment.Content {
        let json = (try? JSON(parsing: text)) ?? JSON(text)
        if json.isNull {
            throw Diagnostic("null is no value", help: "For the text null write '\"null\"'.")
        }
        if isExpectation { return .expectation(json) }
        switch json.kind {
        case .boolean: return .feedback(.boolean(json.boolean ?? false))
        case .integer: return .feedback(.integer(json.integer ?? 0))
        case .number: return .feedback(.number(json.number ?? 0))
        case .string: return .feedback(.text(json.string ?? ""))
        case .null, .array, .object: return .feedback(.json(json))
        }
    }
}
