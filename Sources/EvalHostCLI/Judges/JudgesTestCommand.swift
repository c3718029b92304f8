// `evalhost judges test`: one row, and all that a judge says and is told about it.

internal import ArgumentParser
internal import EvalCore
internal import EvalDatasets
internal import EvalJSON
internal import EvalRunner
internal import EvalSuite
internal import Foundation
internal import Synchronization

struct JudgesTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Let a judge judge one row, and show prompt, reply and cost.",
        discussion: """
            Built-in judges can be tried as well, with their configuration: NAME:key=value. A judge of conversations gets all
            rows of the first session.

            Example:
              evalhost judges test is_polite --data rows.jsonl --judge-model openai:/gpt-5-mini
              evalhost judges test correctness --row '{"inputs": {"q": "2+2"}, "outputs": "4", "expectations": {"expected_response": "4"}}'
            """
    )

    @Argument(help: "The judge, possibly with its configuration: NAME or NAME:key=value,…")
    var judge: String
    @Option(help: ArgumentHelp("The row, as JSON.", valueName: "json"))
    var row: String?
    @Option(help: ArgumentHelp("A file whose first row is judged.", valueName: "file"))
    var data: String?
    @OptionGroup(title: "Models") var models: ModelOptions
    @Flag(help: "Show the prompt and ask nothing.")
    var promptOnly = false
    @OptionGroup var place: JudgesCommand.Place
    @OptionGroup var plugins: PluginFolderOptions

    func validate() throws {
        if (row == nil) == (data == nil) {
            throw ValidationError("give the row with --row JSON, or a file with --data FILE")
        }
    }

    func run() async throws {
        let access = LazyStore(place.store)
        let wishes = try RunModels.Wishes(models)
        let keeps = wishes.judge.cache ?? .off != .off
        let asked = try RunModels(wishes, .init(journal: keeps ? LazyJournal(store: access) : nil))
        let recorder = RecordingModels(asked.hub, asksNothing: promptOnly)
        let found = try await ScorersFound(
            running: plugins.given,
            policy: PluginPolicy(plugins),
            models: recorder,
            judges: RegisteredJudges.of(place.name, in: access)
        )
        let instance = try await found.directory.make(ScorerArgument.parse(judge, in: found.directory))
        let rows = try await rows()
        let verdict: Verdict
        if instance.judgesSessions {
            let id = rows[0].record.sessionID.map { String($0) }
            let turns = id == nil ? [rows[0]] : rows.filter { $0.record.sessionID.map { String($0) } == id }
            verdict = await instance.verdict(about: Session(id: id ?? "session", turns: turns))
        } else {
            verdict = await instance.verdicts(for: [rows[0]])[0]
        }
        await asked.shutdown()
        for (number, call) in recorder.calls.enumerated() { Console.output(call.text(number + 1)) }
        if promptOnly, !recorder.calls.isEmpty { return }
        if let why = asked.alarm.raised { throw why }
        Console.output(JudgePage.text(verdict, of: instance.name))
        if case .errored = verdict { throw ExitStatus.tooManyErrors }
    }

    /// The row, or all rows of the file, where those of a session stand together or not.
    private func rows() async throws(Diagnostic) -> [Row] {
        var request = EvaluationRequest.Rows()
        var rows: [Row] = []
        func add(_ record: Record, _ trace: Trace?) {
            let trace = trace ?? .pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
            rows.append(Row(record: record, outputs: record.outputs, trace: trace))
        }
        if let row {
            let place = Diagnostic.Location(file: "--row")
            let json: JSON
            do throws(JSONError) {
                json = try JSON(parsing: row)
            } catch {
                throw Diagnostic("the row is no JSON: \(error.description)", at: place)
            }
            let decoded = DataSource.shape(request).decoded(json, at: place, source: [])
            add(try decoded.record.get(), decoded.trace)
            return rows
        }
        request.data = data
        let source = try await DataSource.open(request) { () throws(Diagnostic) in try place.store.openExisting() }
            .source
        while rows.count < Self.mostRows, let batch = try await source.next(limit: Limits.batchRows) {
            for row in batch.decode() { add(try row.record.get(), row.trace) }
        }
        guard !rows.isEmpty else { throw Diagnostic("the data set has no record", at: .init(file: data)) }
        return rows
    }

    /// Rows that are looked through for the first one's session.
    private static let mostRows = 10_000
}

/// Models that remember what was said.
final class RecordingModels: ModelDirectory {
    /// A question with its answer.
    struct Call: Sendable {
        let model: ModelName
        let request: ModelRequest
        let reply: Result<ModelReply, ScorerError>?
    }
    private let models: any ModelDirectory
    private let asksNothing: Bool
    private let recorded = Mutex<[Call]>([])

    init(_ models: any ModelDirectory, asksNothing: Bool) {
        self.models = models
        self.asksNothing = asksNothing
    }

    /// What was asked so far.
    var calls: [Call] { recorded.withLock { $0 } }

    func client(for choice: ModelChoice) throws(Diagnostic) -> any ModelClient {
        Client(inner: try models.client(for: choice), recorder: self, asksNothing: asksNothing)
    }

    private struct Client: ModelClient {
        let inner: any ModelClient
        let recorder: RecordingModels
        let asksNothing: Bool
        var name: ModelName { inner.name }
        var concurrency: Int { inner.concurrency }

        func ask(_ request: ModelRequest) async throws(ScorerError) -> ModelReply {
            if asksNothing {
                recorder.recorded.withLock { $0.append(Call(model: name, request: request, reply: nil)) }
                throw ScorerError(code: "not_asked", message: "only the prompt was wanted")
            }
            do throws(ScorerError) {
                let reply = try await inner.ask(request)
                recorder.recorded.withLock { $0.append(Call(model: name, request: request, reply: .success(reply))) }
                return reply
            } catch {
                recorder.recorded.withLock { $0.append(Call(model: name, request: request, reply: .failure(error))) }
                throw error
            }
        }

        func embed(_ texts: [String]) async throws(ScorerError) -> ModelEmbeddings {
            if asksNothing { throw ScorerError(code: "not_asked", message: "embeddings have no prompt") }
            return try await inner.embed(texts)
        }
    }
}

/// A judgement for the terminal.
enum JudgePage {
    static func text(_ verdict: Verdict, of name: String) -> String {
        var lines: [String] = []
        switch verdict {
        case .skipped(let reason): lines.append("skipped: \(reason)")
        case .errored(let error): lines.append("error \(error)")
        case .feedback, .feedbacks:
            for feedback in verdict.values {
                lines.append("\(feedback.name.map { "\(name)/\($0)" } ?? name): \(feedback.value.shown)")
                if let rationale = feedback.rationale { lines.append("  because  \(rationale)") }
                if let span = feedback.spanID { lines.append("  span     \(String(span, radix: 16))") }
                if let metadata = feedback.metadata { lines.append("  details  \(metadata)") }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension FeedbackValue {
    fileprivate var shown: String {
        if case .text(let text) = self { text } else { json.serialized }
    }
}

extension RecordingModels.Call {
    /// The call for the terminal. The marks of the fences are shortened: they are made when a request is sent.
    fileprivate func text(_ number: Int) -> String {
        var lines = ["── call \(number): \(model)"]
        for message in request.messages {
            lines.append("[\(message.role.rawValue)]")
            for part in message.content {
                switch part {
                case .text(let text): lines.append(text)
                case .data(let label, let text): lines.append("<<<DATA \(label) …\n\(text)\n… \(label) END>>>")
                case .image(let url): lines.append("(picture \(url.prefix(60)))")
                }
            }
            for call in message.toolCalls { lines.append("calls \(call.name) \(call.arguments)") }
        }
        for tool in request.tools { lines.append("tool \(tool.name): \(tool.help)") }
        if let schema = request.schema { lines.append("[schema] \(schema)") }
        switch reply {
        case .success(let reply):
            lines.append("[reply of \(reply.model)]")
            for call in reply.toolCalls { lines.append("calls \(call.name) \(call.arguments)") }
            lines.append(reply.object?.serialized ?? reply.text)
            var cost = reply.usage.map { "\($0.inputTokens) tokens in, \($0.outputTokens) out" } ?? "tokens not known"
            cost += reply.costUSD.map { String(format: ", $%.6f", $0) } ?? ", no price known"
            if reply.isFromCache { cost += ", from the cache" }
            lines.append("[cost] \(cost)")
        case .failure(let error): lines.append("[no reply] \(error)")
        case nil: break
        }
        return lines.joined(separator: "\n") + "\n\n"
    }
}
