// A plugin's scorer in workers: rows go out as bytes, answers come back as bytes, and a crash costs one row.

internal import CEvalHost
internal import CEvalSandbox
internal import EvalCore
internal import EvalJSON

/// A scorer of a library that runs in processes of its own.
final class IsolatedScorer: EvalCore.Scorer {
    let descriptor: ScorerDescriptor
    let isSlow: Bool
    private let library: WorkerLibrary
    private let instance: Int
    private let reader: AnswerReader
    private let resolver: FieldResolver
    /// `scorer@library version`, as errors name it.
    private let name: String
    private let isStrict: Bool

    /// Makes a scorer with its first instance.
    init(
        _ descriptor: ScorerDescriptor,
        _ recipe: WorkerRecipe,
        in library: WorkerLibrary,
        isStrict: Bool
    ) async throws(Diagnostic) {
        self.descriptor = descriptor
        self.library = library
        self.isStrict = isStrict
        isSlow = recipe.scorer.flags & EVALHOST_CALLS_JUDGE != 0
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
                let words = "\(reader.name) asked for another try twice"
                verdicts[index] = .errored(ScorerError(code: "scorer_error", message: words))
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
                let judged: Verdict?? = answers.withSheet(place) { verdict($0, row: rows[index]) }
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
                sent.append(index)
            } else {
                verdicts[index] = .errored(PluginFault.rowTooLarge.error(of: name))
            }
        }
        return sent
    }

    private func verdict(_ sheet: Sheet, row: Row) -> Verdict? {
        let verdict = reader.verdict(sheet, row: row)
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
