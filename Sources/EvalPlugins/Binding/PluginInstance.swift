// One instance of a plugin's scorer, with the thread that it lives on.

internal import CEvalHost
internal import EvalCore
internal import EvalJSON
internal import Foundation

/// What every instance of a scorer shares.
struct InstanceRecipe: Sendable {
    let library: LoadedLibrary
    let index: Int
    let configuration: JSON
    let hostVersion: String
    let loadDeadline: Duration
    let rowDeadline: Duration
    let judge: (any JudgeClient)?
    let voice: PluginVoice

    var scorer: PluginDescription.Scorer { library.description.scorers[index] }
}

/// An instance.
///
/// Everything that the plugin can reach belongs to its thread, and outlives this value if the thread hangs.
final class PluginInstance: Sendable {
    fileprivate let thread: PluginThread
    fileprivate let body: InstanceBody
    fileprivate let rowDeadline: Duration

    private init(thread: PluginThread, body: InstanceBody, rowDeadline: Duration) {
        self.thread = thread
        self.body = body
        self.rowDeadline = rowDeadline
    }

    /// Makes an instance on a thread of its own.
    ///
    /// - Throws: Why `create` refused, with the setting at fault.
    static func make(_ recipe: InstanceRecipe) async throws(Diagnostic) -> PluginInstance {
        let thread = PluginThread(name: recipe.scorer.name)
        let outcome = await thread.perform(deadline: recipe.loadDeadline) { _ in (InstanceBody.make(recipe), 0) }
        switch outcome {
        case .finished(let result):
            return PluginInstance(thread: thread, body: try result.get(), rowDeadline: recipe.rowDeadline)
        case .expired:
            throw Diagnostic(
                "'\(recipe.scorer.name)': making an instance took longer than \(recipe.loadDeadline)",
                at: .init(plugin: recipe.library.description.name)
            )
        }
    }

    deinit {
        let body = body
        thread.submit { body.destroy() }
        thread.stop()
    }

    /// Scores rows; on expiry this instance is used up.
    func score(_ rows: [Row]) async -> (column: VerdictColumn, expiredAt: Int?) {
        let column = VerdictColumn(rows: rows)
        let body = body
        let outcome = await thread.perform(deadline: rowDeadline) { work in
            body.score(column, work).map { ((), $0) }
        }
        switch outcome {
        case .finished: return (column, nil)
        case .expired(let step): return (column, step)
        }
    }
}

extension PluginInstance {
    /// Scores a session; nil on expiry, when this instance is used up.
    func score(_ session: EvalCore.Session) async -> Verdict? {
        let body = body
        let outcome = await thread.perform(deadline: rowDeadline) { work in (body.score(session, work), 0) }
        switch outcome {
        case .finished(let verdict): return verdict
        case .expired: return nil
        }
    }
}

/// The verdicts about a batch.
///
/// The scoring thread writes a verdict, then ends its step; who waits reads verdicts of ended steps only.
final class VerdictColumn: @unchecked Sendable {
    let rows: [Row]
    /// nil where the plugin has asked for another try.
    private let verdicts: UnsafeMutablePointer<Verdict?>
    /// The rows to try again, in their order; complete when each row had its first try.
    private(set) var retries: [Int] = []

    init(rows: [Row]) {
        self.rows = rows
        verdicts = .allocate(capacity: max(1, rows.count))
        verdicts.initialize(repeating: nil, count: max(1, rows.count))
        retries.reserveCapacity(0)
    }

    deinit {
        verdicts.deinitialize(count: max(1, rows.count))
        verdicts.deallocate()
    }

    subscript(index: Int) -> Verdict? {
        get { verdicts[index] }
        set { verdicts[index] = newValue }
    }

    fileprivate func tryAgain(_ index: Int) { retries.append(index) }
}

/// What belongs to an instance's thread.
private final class InstanceBody: @unchecked Sendable {
    private let recipe: InstanceRecipe
    private let scorer: UnsafePointer<evalhost_scorer>
    private let instance: UnsafeMutableRawPointer?
    private let host: HostContext
    private let memory: CallMemory
    /// How it scores sessions, where it does.
    private let sessions: UnsafePointer<evalhost_session_scorer>?
    private let resolver: FieldResolver
    private let reader: AnswerReader
    private let sheet = AnswerSheet()
    private let fields: UnsafeMutablePointer<evalhost_field>
    private let record: UnsafeMutablePointer<evalhost_record>

    private init(
        _ recipe: InstanceRecipe,
        _ scorer: UnsafePointer<evalhost_scorer>,
        _ instance: UnsafeMutableRawPointer?,
        _ host: HostContext,
        _ sessions: UnsafePointer<evalhost_session_scorer>?,
        _ resolver: FieldResolver
    ) {
        let memory = CallMemory()
        self.recipe = recipe
        self.scorer = scorer
        self.instance = instance
        self.host = host
        self.memory = memory
        self.sessions = sessions
        self.resolver = resolver
        reader = AnswerReader(recipe.scorer)
        fields = memory.allocate(evalhost_field.self, resolver.declarations.count)
        record = memory.allocate(evalhost_record.self, 1)
        record.pointee.struct_size = UInt32(MemoryLayout<evalhost_record>.size)
        record.pointee.field_count = UInt32(resolver.declarations.count)
        record.pointee.fields = UnsafePointer(fields)
        record.pointee.host = host.mark
    }

    static func make(_ recipe: InstanceRecipe) -> Result<InstanceBody, Diagnostic> {
        let description = recipe.scorer
        guard let scorer = recipe.library.scorer(recipe.index) else {
            return .failure(Diagnostic("'\(description.name)' is not in its library any more"))
        }
        var sessions: UnsafePointer<evalhost_session_scorer>?
        if description.flags & EVALHOST_SCORES_SESSION != 0 {
            sessions = scorer.pointee.extension?(scorer, EVALHOST_EXT_SESSION, EVALHOST_EXT_SESSION_REVISION)?
                .assumingMemoryBound(to: evalhost_session_scorer.self)
            guard sessions?.pointee.score_session != nil else {
                let words = "'\(description.name)' says that it scores sessions, but doesn't offer evalhost.session"
                return .failure(Refusal.description(recipe.library.checked.path, words))
            }
        }
        let resolver: FieldResolver
        do throws(DescriptionError) {
            resolver = try FieldResolver(description.reads)
        } catch {
            return .failure(Refusal.description(recipe.library.checked.path, error.words))
        }
        let host = HostContext(
            recipe.library.checked,
            version: recipe.hostVersion,
            judge: description.flags & EVALHOST_CALLS_JUDGE != 0 ? recipe.judge : nil,
            voice: recipe.voice
        )
        var instance: UnsafeMutableRawPointer?
        if let create = scorer.pointee.create {
            var rejection = Rejection()
            let settings = CallMemory()
            let status = withUnsafeMutablePointer(to: &rejection) { rejection in
                var setup = evalhost_setup(
                    struct_size: UInt32(MemoryLayout<evalhost_setup>.size),
                    setting_count: UInt32(description.settings.count),
                    scorer: scorer,
                    settings: SettingValues.make(
                        description.settings,
                        configuration: recipe.configuration,
                        memory: settings
                    ),
                    json: settings.text(recipe.configuration.serialized),
                    instance: settings.text(description.name),
                    host: host.host,
                    reject: rejectSetting,
                    opaque: rejection
                )
                return create(&setup, &instance)
            }
            guard status == EVALHOST_OK else { return .failure(rejection.diagnostic(recipe)) }
        }
        return .success(InstanceBody(recipe, scorer, instance, host, sessions, resolver))
    }

    func destroy() { scorer.pointee.destroy?(instance) }

    /// Scores every row of a column.
    ///
    /// - Returns: How many steps there were; nil if the work was given up.
    func score(_ column: VerdictColumn, _ work: WatchedWork) -> Int? {
        let batch = CallMemory()
        defer { withExtendedLifetime(batch) {} }
        let rows = column.rows
        for index in rows.indices {
            let verdict = verdict(rows[index], batch, work)
            if case .none = verdict { column.tryAgain(index) }
            column[index] = verdict
            guard work.end(index) else { return nil }
        }
        for (place, index) in column.retries.enumerated() {
            column[index] =
                verdict(rows[index], batch, work)
                ?? reader.stillTransient
            guard work.end(rows.count + place) else { return nil }
        }
        return rows.count + column.retries.count
    }

    private func verdict(_ row: Row, _ batch: CallMemory, _ work: WatchedWork) -> Verdict? {
        if let error = resolver.fill(fields, from: row, memory: batch) { return .errored(error) }
        record.pointee.id = row.record.id.map(CallMemory.view) ?? CallMemory.emptyText
        return verdict(about: .row(row), work) { scorer.pointee.score(instance, record, $0) }
    }

    private func verdict(
        about traces: Traces,
        _ work: WatchedWork,
        _ call: (UnsafePointer<evalhost_sink>) -> evalhost_status
    ) -> Verdict? {
        host.begin(work, repetition: traces.repetition)
        defer { host.end() }
        guard let answers = sheet.answers(of: call) else {
            return .errored(ScorerError(code: "plugin_corrupt", message: "\(reader.name) overwrote the host's memory"))
        }
        // What the judge said stands for a plugin that says nothing of its own.
        if answers.status == EVALHOST_ERROR, answers.message.isEmpty, let error = host.judgeError {
            return .errored(error)
        }
        return reader.verdict(answers, about: traces)
    }

    /// Scores a session, once more if the plugin asks for that.
    func score(_ session: EvalCore.Session, _ work: WatchedWork) -> Verdict {
        guard let sessions else { return .skipped("\(reader.name) doesn't score sessions") }
        let batch = CallMemory()
        let count = session.turns.count
        let records = batch.allocate(evalhost_record.self, count)
        let turns = batch.allocate(UnsafePointer<evalhost_record>?.self, count)
        let starts = batch.allocate(Int64.self, count)
        for (index, turn) in session.turns.enumerated() {
            let fields = batch.allocate(evalhost_field.self, resolver.declarations.count)
            if let error = resolver.fill(fields, from: turn, memory: batch) {
                return .errored(error.inTurn(index))
            }
            records[index] = record.pointee
            records[index].fields = UnsafePointer(fields)
            records[index].id = turn.record.id.map(CallMemory.view) ?? CallMemory.emptyText
            turns[index] = UnsafePointer(records + index)
            starts[index] = turn.startNanoseconds
        }
        var view = evalhost_session(
            struct_size: UInt32(MemoryLayout<evalhost_session>.size),
            turn_count: UInt32(count),
            id: batch.text(session.id),
            turns: turns,
            start_ns: starts
        )
        for _ in 0..<2 {
            let verdict = verdict(about: .session(session), work) {
                sessions.pointee.score_session(instance, &view, $0)
            }
            if let verdict { return verdict }
        }
        return reader.stillTransient
    }
}

/// Why `create` refused.
private struct Rejection {
    var setting: Int32 = -1
    var message = ""

    func diagnostic(_ recipe: InstanceRecipe) -> Diagnostic {
        let scorer = recipe.scorer
        let words = message.isEmpty ? "it can't be made with this configuration" : message
        let isSetting = setting >= 0 && setting < scorer.settings.count
        return Diagnostic(
            isSetting
                ? "'\(scorer.settings[Int(setting)].key)' of '\(scorer.name)': \(words)" : "'\(scorer.name)': \(words)",
            at: .init(plugin: recipe.library.description.name),
            help: "`evalhost scorers show \(scorer.name)` explains its settings.",
            setting: isSetting ? scorer.settings[Int(setting)].key : nil
        )
    }
}

private let rejectSetting:
    @convention(c) (UnsafePointer<evalhost_setup>?, Int32, UnsafePointer<CChar>?, UInt64) -> evalhost_status = {
        setup,
        setting,
        data,
        size in
        guard let rejection = setup?.pointee.opaque?.assumingMemoryBound(to: Rejection.self) else {
            return EVALHOST_ERROR
        }
        rejection.pointee.setting = setting
        if let data {
            let count = Int(min(size, UInt64(EVALHOST_MAX_MESSAGE_BYTES)))
            let bytes = UnsafeRawBufferPointer(start: data, count: count)
            rejection.pointee.message = String(decoding: bytes, as: UTF8.self)
        }
        return EVALHOST_OK
    }
