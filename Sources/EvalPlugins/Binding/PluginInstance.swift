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

    var scorer: PluginDescription.Scorer { library.description.scorers[index] }
}

/// An instance.
///
/// Everything that the plugin can reach belongs to its thread, and outlives this value if the thread hangs.
final class PluginInstance: Sendable {
    private let thread: PluginThread
    private let body: InstanceBody
    private let rowDeadline: Duration

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
    private let host: UnsafeMutablePointer<evalhost_host>
    private let memory: CallMemory
    private let resolver: FieldResolver
    private let reader: AnswerReader
    private let sheet = AnswerSheet()
    private let fields: UnsafeMutablePointer<evalhost_field>
    private let record: UnsafeMutablePointer<evalhost_record>

    private init(
        _ recipe: InstanceRecipe,
        _ scorer: UnsafePointer<evalhost_scorer>,
        _ instance: UnsafeMutableRawPointer?,
        _ host: UnsafeMutablePointer<evalhost_host>,
        _ memory: CallMemory,
        _ resolver: FieldResolver
    ) {
        self.recipe = recipe
        self.scorer = scorer
        self.instance = instance
        self.host = host
        self.memory = memory
        self.resolver = resolver
        reader = AnswerReader(recipe.scorer)
        fields = memory.allocate(evalhost_field.self, resolver.declarations.count)
        record = memory.allocate(evalhost_record.self, 1)
        record.pointee.struct_size = UInt32(MemoryLayout<evalhost_record>.size)
        record.pointee.field_count = UInt32(resolver.declarations.count)
        record.pointee.fields = UnsafePointer(fields)
    }

    static func make(_ recipe: InstanceRecipe) -> Result<InstanceBody, Diagnostic> {
        let description = recipe.scorer
        guard let scorer = recipe.library.scorer(recipe.index), scorer.pointee.score != nil else {
            return .failure(Diagnostic("'\(description.name)' scores sessions, which isn't supported yet"))
        }
        let resolver: FieldResolver
        do throws(DescriptionError) {
            resolver = try FieldResolver(description.reads)
        } catch {
            return .failure(Refusal.description(recipe.library.checked.path, error.words))
        }
        let memory = CallMemory()
        let host = HostTable.make(version: recipe.hostVersion, memory)
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
                    host: host,
                    reject: rejectSetting,
                    opaque: rejection
                )
                return create(&setup, &instance)
            }
            guard status == EVALHOST_OK else { return .failure(rejection.diagnostic(recipe)) }
        }
        return .success(InstanceBody(recipe, scorer, instance, host, memory, resolver))
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
            let verdict = verdict(rows[index], batch)
            if case .none = verdict { column.tryAgain(index) }
            column[index] = verdict
            guard work.end(index) else { return nil }
        }
        for (place, index) in column.retries.enumerated() {
            column[index] =
                verdict(rows[index], batch)
                ?? .errored(ScorerError(code: "scorer_error", message: "\(reader.name) asked for another try twice"))
            guard work.end(rows.count + place) else { return nil }
        }
        return rows.count + column.retries.count
    }

    private func verdict(_ row: Row, _ batch: CallMemory) -> Verdict? {
        if let error = resolver.fill(fields, from: row, memory: batch) { return .errored(error) }
        record.pointee.id = row.record.id.map(CallMemory.view) ?? CallMemory.emptyText
        guard let answers = sheet.answers(of: { scorer.pointee.score(instance, record, $0) }) else {
            return .errored(ScorerError(code: "plugin_corrupt", message: "\(reader.name) overwrote the host's memory"))
        }
        return reader.verdict(answers, row: row)
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
            help: "`evalhost scorers show \(scorer.name)` explains its settings."
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

/// What an instance sees of the host.
///
/// No extension is offered in process yet.
private enum HostTable {
    static func make(version: String, _ memory: CallMemory) -> UnsafeMutablePointer<evalhost_host> {
        let host = memory.allocate(evalhost_host.self, 1)
        host.pointee = evalhost_host(
            struct_size: UInt32(MemoryLayout<evalhost_host>.size),
            abi_version: EVALHOST_ABI_VERSION,
            version: memory.text(version).data,
            extension: { _, _, _ in nil },
            opaque: nil
        )
        return host
    }
}
