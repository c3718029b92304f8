// A plugin's scorer in workers: rows go out as bytes, answers come back as bytes, and a crash costs one row.

internal import CEvalHost
internal import CEvalSandbox
internal import EvalCore
internal import EvalJSON

/// A scorer of a library that runs in processes of its own.
final class IsolatedScorer: EvalCore.Scorer {
    let descriptor: ScorerDescriptor
    let isSlow: Bool
    private let instance: IsolatedInstance

    /// Wraps an instance.
    init(_ instance: IsolatedInstance) {
        descriptor = instance.descriptor
        isSlow = instance.callsJudge
        self.instance = instance
    }

    func score(_ rows: [Row]) async -> [Verdict] { await instance.score(rows) }
}

/// The same for a scorer of sessions.
final class IsolatedSessionScorer: SessionScorer {
    let descriptor: ScorerDescriptor
    let isSlow: Bool
    private let instance: IsolatedInstance

    /// Wraps an instance.
    init(_ instance: IsolatedInstance) {
        descriptor = instance.descriptor
        isSlow = instance.callsJudge
        self.instance = instance
    }

    func score(session: EvalCore.Session) async -> Verdict { await instance.score(session) }
}

/// An instance of a plugin's scorer, in whichever worker is free.
final class IsolatedInstance: Sendable {
    let descriptor: ScorerDescriptor
    let callsJudge: Bool
    private let library: WorkerLibrary
    private let instance: Int
    private let reader: AnswerReader
    private let resolver: FieldResolver
    /// `scorer@library version`, as errors name it.
    private let name: String
    private let isStrict: Bool

    /// Makes the first instance, so that a wrong setting is told before any row.
    init(
        _ descriptor: ScorerDescriptor,
        _ recipe: WorkerRecipe,
        in library: WorkerLibrary,
        isStrict: Bool
    ) async throws(Diagnostic) {
        self.descriptor = descriptor
        self.library = library
        self.isStrict = isStrict
        callsJudge = recipe.scorer.flags & EVALHOST_CALLS_JUDGE != 0
        reader = AnswerReader(recipe.scorer)
        name = "\(descriptor.qualifiedName) \(descriptor.version)"
        do throws(DescriptionError) {
            resolver = try FieldResolver(recipe.scorer.reads)
        } catch {
            throw Refusal.description(library.checked.path, error.words)
        }
        instance = try await library.makeInstance(recipe)
    }

    deinit { library.remove(instance) }

    func score(_ rows: [Row]) async -> [Verdict] {
        var verdicts = [Verdict?](repeating: nil, count: rows.count)
        let again = await score(Array(rows.indices), of: rows, into: &verdicts)
        if !again.isEmpty {
            // A transient failure: once more, after the others.
            for index in await score(again, of: rows, into: &verdicts) {
                verdicts[index] = reader.stillTransient
            }
        }
        return verdicts.map { $0 ?? .errored(ScorerError(code: "no_result", message: "the row has no verdict")) }
    }

    /// Scores some rows.
    ///
    /// - Returns: Those for which the plugin asks for another try.
    private func score(_ indices: [Int], of rows: [Row], into verdicts: inout [Verdict?]) async -> [Int] {
        let buffer = RowBuffer()
        let sent = encode(indices, of: rows, to: buffer, &verdicts)
        guard !sent.isEmpty else { return [] }
        let result = await library.score(buffer, instance: instance)
        var again: [Int] = []
        for (first, answers) in result.answers {
            for place in answers.offsets.indices {
                let index = sent[first + place]
                let asked = result.judgeErrors[first + place]
                let judged: Verdict?? = answers.withSheet(place) { verdict($0, about: .row(rows[index]), asked) }
                if case .some(.some(let verdict)) = judged { verdicts[index] = verdict } else { again.append(index) }
            }
        }
        for (place, fault) in result.faults { verdicts[sent[place]] = .errored(fault.error(of: name)) }
        return again.sorted()
    }

    /// Writes rows; those that can't be sent get their error.
    ///
    /// - Returns: The rows that were written.
    private func encode(_ indices: [Int], of rows: [Row], to buffer: RowBuffer, _ verdicts: inout [Verdict?]) -> [Int] {
        let memory = CallMemory()
        let fields = memory.allocate(evalhost_field.self, resolver.declarations.count)
        var sent: [Int] = []
        sent.reserveCapacity(indices.count)
        for index in indices {
            let row = rows[index]
            if let error = resolver.fill(fields, from: row, memory: memory) {
                verdicts[index] = .errored(error)
                continue
            }
            let id = row.record.id.map(CallMemory.view) ?? CallMemory.emptyText
            if buffer.append(fields, resolver.declarations.count, id: id, limit: Limits.rowBytes) {
                buffer.setRepetition(row.repetition)
                sent.append(index)
            } else {
                verdicts[index] = .errored(PluginFault.rowTooLarge.error(of: name))
            }
        }
        return sent
    }

    /// Scores a session, once more if the plugin asks for that.
    func score(_ session: EvalCore.Session) async -> Verdict {
        let buffer = RowBuffer()
        if let error = encode(session, to: buffer) { return .errored(error) }
        for _ in 0..<2 {
            let result = await library.scoreSession(buffer, instance: instance)
            if let fault = result.faults.first { return .errored(fault.1.error(of: name)) }
            let judged: Verdict?? = result.answers.first?.1
                .withSheet(0) { verdict($0, about: .session(session), result.judgeErrors[0]) }
            if case .some(.some(let verdict)) = judged { return verdict }
        }
        return reader.stillTransient
    }

    private func encode(_ session: EvalCore.Session, to buffer: RowBuffer) -> ScorerError? {
        let memory = CallMemory()
        let fields = memory.allocate(evalhost_field.self, resolver.declarations.count)
        guard buffer.append(nil, 0, id: memory.text(session.id), limit: Limits.rowBytes) else {
            return PluginFault.rowTooLarge.error(of: name)
        }
        buffer.setRepetition(session.repetition)
        for (index, turn) in session.turns.enumerated() {
            if let error = resolver.fill(fields, from: turn, memory: memory) {
                return error.inTurn(index)
            }
            let isThere = buffer.append(
                fields,
                resolver.declarations.count,
                id: turn.record.id.map(CallMemory.view) ?? CallMemory.emptyText,
                startNanoseconds: turn.startNanoseconds,
                limit: Limits.rowBytes - buffer.byteCount
            )
            if !isThere { return PluginFault.rowTooLarge.error(of: name) }
        }
        return nil
    }

    private func verdict(_ sheet: Sheet, about traces: Traces, _ asked: ScorerError?) -> Verdict? {
        // What the judge said stands for a plugin that says nothing of its own.
        if let asked, sheet.status == EVALHOST_ERROR, sheet.message.isEmpty { return .errored(asked) }
        let verdict = reader.verdict(sheet, about: traces)
        guard !sheet.denied.isEmpty, let verdict else { return verdict }
        let calls = sheet.denied.map { String(cString: ceval_call_name(Int32(bitPattern: $0))) }
        if isStrict { return .errored(PluginFault.denied(calls).error(of: name)) }
        return verdict.noting(denied: calls)
    }
}

extension Verdict {
    /// The same with what the sandbox refused in the metadata of each value.
    fileprivate func noting(denied calls: [String]) -> Verdict {
        func noted(_ feedback: Feedback) -> Feedback {
            var feedback = feedback
            let denied: JSON = .object([("denied", .array(calls.map { JSON($0) }))])
            let members = feedback.metadata?.members.map { (String($0.key), $0.value) } ?? []
            feedback.metadata = .object(members.filter { $0.0 != "evalhost.sandbox" } + [("evalhost.sandbox", denied)])
            return feedback
        }
        return switch self {
        case .feedback(let feedback): .feedback(noted(feedback))
        case .feedbacks(let feedbacks): .feedbacks(feedbacks.map(noted))
        case .skipped, .errored: self
        }
    }
}

extension Row {
    /// When a turn began, in Unix nanoseconds; 0 where the source doesn't say.
    var startNanoseconds: Int64 {
        trace.tags?["evalhost.pregenerated"] != nil ? 0 : trace.requestTimeMilliseconds * 1_000_000
    }
}
