// One instance of a scorer, shared by threads of this process. Nothing but the process of the check C60 does this.

internal import CEvalHost
public import EvalCore
internal import EvalJSON
internal import Foundation
internal import Synchronization

/// Shares an instance of a plugin between threads, in a process that has nothing to lose.
public enum SharedInstance {
    /// How many threads share it.
    private static let threads = 4
    /// How long they do at least, and at most: on a busy machine they need longer to get into each other's way.
    private static let time = (least: Duration.milliseconds(700), most: Duration.seconds(4))

    /// Gives rows to one instance on four threads at once, and compares with what one thread gets.
    ///
    /// - Parameters:
    ///   - path: The library.
    ///   - lines: Cases of one scorer and one configuration.
    /// - Returns: The first difference as an object of JSON text, or an empty one.
    /// - Throws: Why the library can't be loaded or the instance not made.
    public static func compare(library path: String, lines: [String]) async throws(Diagnostic) -> String {
        let cases = lines.compactMap { line in (try? JSON(parsing: line)).flatMap(ConformanceCase.init) }
        guard let first = cases.first else { throw Diagnostic("there is no case to be scored") }
        let rows = cases.map { one in one.given.rows.first.flatMap { try? Row(case: $0) } }
        let checked = try OpenedFile(path: path).checked()
        confine()
        let loaded = try await LoadedLibraries.shared.load(checked, deadline: Limits.pluginLoad)
        guard let index = loaded.description.scorers.firstIndex(where: { $0.name == first.scorer }) else {
            throw Diagnostic("there is no scorer '\(first.scorer)'", at: .init(file: path))
        }
        let scorer = try loaded.description.scorers[index].descriptor(of: loaded)
        let configuration = try scorer.resolve(first.configuration)
        let expected = try Instance(loaded, index, configuration).verdicts(rows)
        let shared = try Instance(loaded, index, configuration)
        return await shared.compare(rows, expected, threads: threads, time: time).serialized
    }

    /// Gives up what this process doesn't need: the library isn't behind the worker's sandbox here.
    private static func confine() {
        for resource in [RLIMIT_FSIZE, RLIMIT_CORE] {
            var limit = rlimit(rlim_cur: 0, rlim_max: 0)
            setrlimit(Int32(resource.rawValue), &limit)
        }
        guard geteuid() == 0 else { return }
        setgroups(0, nil)
        setgid(65534)
        setuid(65534)
    }
}

extension PluginDescription.Scorer {
    fileprivate func descriptor(of library: LoadedLibrary) throws(Diagnostic) -> ScorerDescriptor {
        do throws(DescriptionError) {
            return try descriptor(of: library.description, digest: library.checked.digest)
        } catch {
            throw Refusal.description(library.checked.path, error.words)
        }
    }
}

/// An instance that any thread may use.
///
/// Never destroyed: the process ends. What it points to is the plugin's, which says that it is thread-safe.
private final class Instance: @unchecked Sendable {
    private let scorer: UnsafePointer<evalhost_scorer>
    private let instance: UnsafeMutableRawPointer?
    private let host: HostContext
    private let reader: AnswerReader
    private let resolver: FieldResolver

    init(_ library: LoadedLibrary, _ index: Int, _ configuration: JSON) throws(Diagnostic) {
        let description = library.description.scorers[index]
        guard let scorer = library.scorer(index) else { throw Diagnostic("there is no such scorer") }
        self.scorer = scorer
        host = HostContext(
            library.checked,
            version: HostVersion.current,
            judge: nil,
            voice: PluginVoice(description.name) { _ in }
        )
        reader = AnswerReader(description)
        do throws(DescriptionError) {
            resolver = try FieldResolver(description.reads)
        } catch {
            throw Refusal.description(library.checked.path, error.words)
        }
        var made: UnsafeMutableRawPointer?
        if let create = scorer.pointee.create {
            let memory = CallMemory()
            var setup = evalhost_setup(
                struct_size: UInt32(MemoryLayout<evalhost_setup>.size),
                setting_count: UInt32(description.settings.count),
                scorer: scorer,
                settings: SettingValues.make(description.settings, configuration: configuration, memory: memory),
                json: memory.text(configuration.serialized),
                instance: memory.text(description.name),
                host: host.host,
                reject: { _, _, _, _ in EVALHOST_ERROR },
                opaque: nil
            )
            guard create(&setup, &made) == EVALHOST_OK else { throw Diagnostic("its instance can't be made") }
        }
        instance = made
    }

    /// The verdicts that one thread gets.
    func verdicts(_ rows: [Row?]) -> [Verdict?] {
        let desk = Desk(resolver.declarations.count, host)
        return rows.map { row in row.flatMap { verdict($0, desk) } }
    }

    /// What a thread has for itself.
    private final class Desk {
        let memory = CallMemory()
        let sheet = AnswerSheet()
        let fields: UnsafeMutablePointer<evalhost_field>
        var record: evalhost_record

        init(_ count: Int, _ host: HostContext) {
            fields = memory.allocate(evalhost_field.self, count)
            record = evalhost_record()
            record.struct_size = UInt32(MemoryLayout<evalhost_record>.size)
            record.field_count = UInt32(count)
            record.fields = UnsafePointer(fields)
            record.id = CallMemory.emptyText
            record.host = host.mark
        }
    }

    private func verdict(_ row: Row, _ desk: Desk) -> Verdict? {
        let memory = CallMemory()
        defer { withExtendedLifetime(memory) {} }
        if let error = resolver.fill(desk.fields, from: row, memory: memory) { return .errored(error) }
        let answers = desk.sheet.answers { sink in scorer.pointee.score(instance, &desk.record, sink) }
        return answers.flatMap { reader.verdict($0, about: .row(row)) }
    }

    /// Has threads score the rows again and again.
    func compare(_ rows: [Row?], _ expected: [Verdict?], threads: Int, time: (least: Duration, most: Duration)) async
        -> JSON
    {
        let found = Found()
        let begin = ContinuousClock.now
        let poker = Poker()
        poker.start()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<threads {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        // A thread of its own, with the stack that the contract promises.
                        let thread = Thread {
                            poker.add()
                            defer { poker.remove() }
                            self.score(rows, expected, from: number, since: begin, time, found)
                            continuation.resume()
                        }
                        thread.stackSize = PluginThread.stackBytes
                        thread.start()
                    }
                }
            }
        }
        poker.stop()
        return found.first.withLock { $0 } ?? [:]
    }

    /// The first difference that a thread found, and how many calls there were.
    private final class Found: Sendable {
        let first = Mutex<JSON?>(nil)
        let calls = Atomic<Int>(0)
    }

    /// As many calls are enough.
    private static let calls = 150_000

    private func score(
        _ rows: [Row?],
        _ expected: [Verdict?],
        from start: Int,
        since begin: ContinuousClock.Instant,
        _ time: (least: Duration, most: Duration),
        _ found: Found
    ) {
        let desk = Desk(resolver.declarations.count, host)
        var at = start * rows.count / 4
        while found.first.withLock({ $0 == nil }) {
            let passed = ContinuousClock.now - begin
            let calls = found.calls.add(64, ordering: .relaxed).newValue
            if passed > time.most || (passed > time.least && calls > Self.calls) { return }
            for _ in 0..<64 {
                at = (at + 1) % rows.count
                guard let row = rows[at], let one = expected[at] else { continue }
                let other = verdict(row, desk)
                if let other, other == one { continue }
                let words = other?.words ?? "no answer"
                let difference: JSON = ["row": JSON(at), "one": JSON(one.words), "other": JSON(words)]
                found.first.withLock { $0 = $0 ?? difference }
                return
            }
        }
    }
}

/// Interrupts threads in the middle of their calls, so that they get into each other's way on a busy machine, too.
private final class Poker: Sendable {
    private let threads = Mutex<[pthread_t]>([])
    private let isOver = Atomic<Bool>(false)

    func start() {
        signal(SIGUSR1) { _ in usleep(30) }
        let thread = Thread {
            var turn = 0
            while !self.isOver.load(ordering: .relaxed) {
                usleep(150)
                turn += 1
                // Under the lock: a thread that has ended can't be named any more.
                self.threads.withLock { threads in
                    if !threads.isEmpty { pthread_kill(threads[turn % threads.count], SIGUSR1) }
                }
            }
        }
        thread.start()
    }

    func stop() { isOver.store(true, ordering: .relaxed) }

    func add() { threads.withLock { $0.append(pthread_self()) } }

    func remove() { threads.withLock { $0.removeAll { $0 == pthread_self() } } }
}
