// Asks what a judge wants to know: every member of the panel, as often as wanted, and puts the answers together.

internal import EvalCore
internal import EvalJSON

/// The way from a question to a decision.
struct JudgeEngine: Sendable {
    /// The members of the panel.
    let clients: [any ModelClient]
    /// How often each is asked, and how the answers become one.
    let options: JudgeOptions
    /// The version of the judge, for the metadata.
    let version: String

    /// Gets the clients of a judge's models.
    ///
    /// - Throws: What is wrong with an option, or with a model's name, address or key.
    init(
        _ options: JudgeOptions,
        of descriptor: ScorerDescriptor,
        models: any ModelDirectory
    ) throws(Diagnostic) {
        try options.check(descriptor)
        var clients: [any ModelClient] = []
        for choice in options.choices {
            do throws(Diagnostic) {
                clients.append(try models.client(for: choice))
            } catch {
                var copy = error
                if choice.model != nil { copy.setting = copy.setting ?? "model" }
                throw copy
            }
        }
        self.clients = clients
        self.options = options
        version = descriptor.version
    }

    /// The first requests of a question, one for each answer that is wanted.
    func requests(_ question: Question, repetition: Int) -> [ModelRequest] {
        clients.indices.flatMap { member in
            (0..<options.samples)
                .map { sample in
                    request(question, repetition: repetition, member: member, sample: sample)
                }
        }
    }

    private func request(_ question: Question, repetition: Int, member: Int, sample: Int) -> ModelRequest {
        ModelRequest(
            question.messages,
            schema: question.form.schema,
            tools: question.walk == nil ? [] : TraceTools.all,
            parameters: options.parameters,
            repetition: repetition,
            member: member,
            sample: sample
        )
    }

    /// Decides several questions at once.
    ///
    /// - Throws: Why one of them couldn't be decided.
    func decide(_ questions: [Question], repetition: Int) async throws(ScorerError) -> [Decision] {
        if questions.count == 1 { return [try await decide(questions[0], repetition: repetition)] }
        let results = await concurrently(questions, atMost: Self.questionsAtOnce) { question in
            do throws(ScorerError) {
                return Result<Decision, ScorerError>.success(try await decide(question, repetition: repetition))
            } catch {
                return .failure(error)
            }
        }
        var decisions: [Decision] = []
        for result in results { decisions.append(try result.get()) }
        return decisions
    }

    /// How many questions about one row are on their way at once; the clients have limits of their own.
    private static let questionsAtOnce = 16

    /// Decides one question.
    private func decide(_ question: Question, repetition: Int) async throws(ScorerError) -> Decision {
        let requests = requests(question, repetition: repetition)
        let panel: Panel
        if requests.count == 1 {
            panel = Panel([await answer(requests[0], to: question)])
        } else {
            panel = Panel(
                await concurrently(requests, atMost: requests.count) { await answer($0, to: question) }
            )
        }
        return try panel.decision(on: question, options, version)
    }

    private func answer(_ request: ModelRequest, to question: Question) async -> Panel.Answer {
        let client = clients[request.member]
        var account = ReplyAccount()
        do throws(ScorerError) {
            let object: JSON?
            var details: [(String, JSON)] = []
            if let walk = question.walk {
                var walker = TraceWalker(walk, request)
                object = try await walker.run(client, &account)
                details = [("steps", JSON(walker.steps))]
            } else {
                let reply = try await client.ask(request)
                account.add(reply)
                object = reply.object
            }
            var reading = try question.form.reading(of: object)
            reading.details = details + reading.details
            return Panel.Answer(name: client.name, sample: request.sample, account: account, result: .success(reading))
        } catch {
            return Panel.Answer(name: client.name, sample: request.sample, account: account, result: .failure(error))
        }
    }
}

/// Does jobs at once, at most so many at a time; the results are in the jobs' order.
func concurrently<Job: Sendable, Value: Sendable>(
    _ jobs: [Job],
    atMost bound: Int,
    _ body: @escaping @Sendable (Job) async -> Value
) async -> [Value] {
    await withTaskGroup(of: (Int, Value).self) { group in
        var values: [Value?] = Array(repeating: nil, count: jobs.count)
        for (place, job) in jobs.enumerated() {
            if place >= bound, let (done, value) = await group.next() { values[done] = value }
            group.addTask { (place, await body(job)) }
        }
        for await (done, value) in group { values[done] = value }
        return values.compactMap { $0 }
    }
}
