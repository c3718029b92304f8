// A library in workers: what scorers ask of it, from any task.

internal import CEvalHost
internal import CEvalTransport
internal import EvalCore
internal import EvalJSON
internal import Synchronization

/// A library that runs in workers, which start when they are first needed and end with the last that has this value.
final class WorkerLibrary: Sendable {
    let checked: CheckedLibrary
    private let driver: FleetDriver
    private let instances = Mutex(0)

    init(
        _ launch: WorkerLaunch,
        policy: WorkerFleet.Policy,
        judge: (any JudgeClient)?,
        hear: @escaping @Sendable (PluginLine) -> Void
    ) {
        checked = launch.library
        let voice = PluginVoice(PluginLock.name(ofFile: launch.library.path), hear)
        driver = FleetDriver(launch, policy: policy, judge: judge, listener: PluginListener(voice))
    }

    deinit {
        let driver = driver
        Supervisor.shared.perform { driver.close() }
    }

    /// Does something where the workers are looked after.
    func perform(_ job: @escaping @Sendable (FleetDriver) -> Void) {
        Supervisor.shared.perform { [driver] in job(driver) }
    }

    func submit(
        _ work: WorkerFleet.Work,
        instance: Int = 0,
        rows: RowBuffer = RowBuffer(),
        count: Int = 1
    ) async -> FleetDriver.Result {
        await withCheckedContinuation { continuation in
            Supervisor.shared.perform(on: driver) { driver in
                driver.submit(work, instance: instance, rows: rows, count: count) { continuation.resume(returning: $0) }
            }
        }
    }

    /// Ends the workers, as far as none is at work.
    func end() async { await Supervisor.end(driver) }

    /// What the library says of itself.
    ///
    /// - Throws: Why it can't be loaded, or what is wrong with its description.
    func describe() async throws(Diagnostic) -> PluginDescription {
        let result = await submit(.describe)
        if let fault = result.faults.first?.1 {
            if let refusal = result.refusal { throw refusal }
            guard case .unavailable(let words) = fault else {
                throw Refusal.description(checked.path, "it \(fault.words) when it was read")
            }
            throw Diagnostic(words, at: .init(file: checked.path), help: Self.help(words))
        }
        do throws(DescriptionError) {
            let description = try DescriptionReader.read(result.answers.first?.1.bytes ?? [])
            _ = try description.descriptors(digest: checked.digest)
            return description
        } catch {
            throw Refusal.description(checked.path, error.words)
        }
    }

    private static func help(_ words: String) -> String? {
        words.contains("while it was loaded") || words.hasPrefix("loading the library")
            ? "Constructors and evalhost_plugin_entry only describe; put other work into create." : nil
    }

    /// Makes an instance of a scorer in a worker, so that a wrong setting is told before any row.
    ///
    /// - Throws: Why `create` refused, with the setting at fault.
    func makeInstance(_ recipe: WorkerRecipe) async throws(Diagnostic) -> Int {
        let place = Diagnostic.Location(plugin: recipe.library)
        let settings = RowBuffer()
        guard recipe.write(to: settings) else {
            throw Diagnostic("'\(recipe.scorer.name)': its configuration is too large", at: place)
        }
        let id = instances.withLock { count in
            count += 1
            return count
        }
        let toAdd = FleetDriver.Recipe(scorer: recipe.index, settings: settings)
        Supervisor.shared.perform { [driver] in driver.add(id, toAdd, rowDeadline: recipe.rowDeadline) }
        let result = await submit(.create, instance: id)
        if let refusal = result.refusal { throw refusal }
        if let fault = result.faults.first?.1 {
            throw Diagnostic("'\(recipe.scorer.name)': making an instance failed: it \(fault.words)", at: place)
        }
        let answer = result.answers.first.flatMap { $0.1.withSheet(0) { CreateAnswer($0) } }
        guard let words = answer?.refusal else { return id }
        let setting = answer?.setting
            .flatMap { index in
                index >= 0 && index < recipe.scorer.settings.count ? recipe.scorer.settings[index].key : nil
            }
        throw Diagnostic(
            setting.map { "'\($0)' of '\(recipe.scorer.name)': \(words)" } ?? "'\(recipe.scorer.name)': \(words)",
            at: place,
            help: "`evalhost scorers show \(recipe.scorer.name)` explains its settings.",
            setting: setting
        )
    }

    /// Gives up an instance.
    func remove(_ instance: Int) { Supervisor.shared.perform { [driver] in driver.remove(instance) } }

    /// Scores rows.
    func score(_ rows: RowBuffer, instance: Int) async -> FleetDriver.Result {
        await submit(.score, instance: instance, rows: rows, count: rows.count)
    }

    /// Scores a session: a row with its id, then its turns.
    func scoreSession(_ turns: RowBuffer, instance: Int) async -> FleetDriver.Result {
        await submit(.session, instance: instance, rows: turns)
    }
}

/// What an instance is made of.
struct WorkerRecipe: Sendable {
    let library: String
    let scorer: PluginDescription.Scorer
    let index: Int
    let configuration: JSON
    let rowDeadline: Duration

    /// Writes the settings, then the raw configuration, as one row.
    fileprivate func write(to buffer: RowBuffer) -> Bool {
        let memory = CallMemory()
        let count = scorer.settings.count
        let fields = memory.allocate(evalhost_field.self, count + 1)
        let values = SettingValues.make(scorer.settings, configuration: configuration, memory: memory)
        for index in 0..<count { fields[index] = values[index] }
        fields[count].kind = EVALHOST_KIND_JSON
        fields[count].text = memory.text(configuration.serialized)
        return buffer.append(fields, count + 1, id: memory.text(scorer.name), limit: Limits.rowBytes)
    }
}
