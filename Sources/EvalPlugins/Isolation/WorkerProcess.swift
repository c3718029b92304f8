// One worker: its process, its two shared mappings and its descriptors. Touched on the supervisor's thread only.

internal import CEvalSandbox
internal import CEvalTransport
internal import EvalCore
internal import Foundation

/// A worker that was started.
///
/// What it wrote is read through here: copied first, then checked.
final class WorkerProcess: @unchecked Sendable {
    let pid: Int32
    let pidfd: Int32
    /// Written by the worker when it has news.
    let wakeUp: Int32
    let control: Int32
    /// What the library prints: standard output, standard error.
    let output: [Int32]
    /// Those of the descriptors at whose other end nobody is any more.
    var ended: Set<Int32> = []
    /// Lines that are not complete yet, of each output.
    var partialLines: [[UInt8]] = [[], []]
    private let rowsDescriptor: Int32
    private let resultsDescriptor: Int32
    private let rows: UnsafeMutableRawPointer
    private let results: UnsafeMutableRawPointer
    private let launch: WorkerLaunch
    let seed: UInt64
    /// How often each slot was used.
    private var sequences: [UInt32]
    /// Whether the last request of a slot was guarded.
    private var guarded: [Bool]
    var askSequences: [UInt32]
    var replySequences: [UInt32]
    /// Bytes of the rows in each slot; much memory is given back when it isn't needed.
    private var slotBytes: [Int]
    /// Where the last reply of the judge in each slot ends.
    var replyEnds: [Int]
    /// Private memory that it had when it was first looked at.
    private var startingMemory: Int?

    /// Starts a worker.
    ///
    /// - Throws: Why that isn't possible; nothing is left over then.
    init(_ launch: WorkerLaunch) throws(WorkerStartError) {
        self.launch = launch
        seed = UInt64.random(in: .min ... .max)
        sequences = Array(repeating: 0, count: launch.slots)
        askSequences = sequences
        replySequences = sequences
        guarded = Array(repeating: false, count: launch.slots)
        slotBytes = Array(repeating: 0, count: launch.slots)
        replyEnds = slotBytes
        var opened = Descriptors()
        var made: [(UnsafeMutableRawPointer, Int)] = []
        do throws(WorkerStartError) {
            let name = launch.library.name
            let (rowsDescriptor, rows) = try opened.memory("evalhost-rows \(name)", launch.rowsBytes, isOurs: true)
            made.append((rows, launch.rowsBytes))
            let (resultsDescriptor, results) = try opened.memory(
                "evalhost-results \(name)",
                launch.resultsBytes,
                isOurs: false
            )
            made.append((results, launch.resultsBytes))
            try launch.write(to: rows, seed: seed)
            wakeUp = try opened.add(ceval_eventfd(), "an eventfd")
            let (control, theirs) = try opened.packetPair()
            let (out, outEnd) = try opened.pipe()
            let (error, errorEnd) = try opened.pipe()
            let null = try opened.add(open("/dev/null", O_RDWR | O_CLOEXEC), "/dev/null")
            var given = [
                null, outEnd, errorEnd, theirs, rowsDescriptor, resultsDescriptor, wakeUp, launch.library.descriptor,
            ]
            given.append(launch.library.assets >= 0 ? launch.library.assets : null)
            given += launch.library.beside.map(\.descriptor)
            pid = try Self.spawn(launch, given)
            let pidfd = ceval_pidfd(pid)
            if pidfd < 0 {
                Foundation.kill(pid, SIGKILL)
                _ = waitpid(pid, nil, 0)
                throw WorkerStartError(words: "no pidfd: \(String(cString: strerror(-pidfd)))")
            }
            self.pidfd = pidfd
            for descriptor in [null, outEnd, errorEnd, theirs] { close(descriptor) }
            for descriptor in [out, error, control] {
                _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            }
            self.rowsDescriptor = rowsDescriptor
            self.resultsDescriptor = resultsDescriptor
            self.rows = rows
            self.results = results
            self.control = control
            output = [out, error]
        } catch {
            for (memory, size) in made { munmap(memory, size) }
            opened.closeAll()
            throw error
        }
    }

    deinit {
        munmap(rows, launch.rowsBytes)
        munmap(results, launch.resultsBytes)
        for descriptor in [pidfd, wakeUp, control, rowsDescriptor, resultsDescriptor] + output { close(descriptor) }
    }

    private static func spawn(_ launch: WorkerLaunch, _ descriptors: [Int32]) throws(WorkerStartError) -> Int32 {
        var arguments: [UnsafeMutablePointer<CChar>?] = launch.arguments.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = launch.environment.map { strdup($0) } + [nil]
        defer { for string in arguments + environment { free(string) } }
        let pid = ceval_spawn(launch.executable, &arguments, &environment, descriptors, Int32(descriptors.count))
        guard pid > 0 else {
            throw WorkerStartError(words: "\(launch.executable): \(String(cString: strerror(-pid)).lowercased())")
        }
        return pid
    }

    func kill() { Foundation.kill(pid, SIGKILL) }

    /// Whether its memory has grown so much that it should be replaced: to twice what it began with, beyond 64 MiB that
    /// any library may want for itself.
    var hasGrown: Bool {
        guard let memory = privateMemory else { return false }
        guard let begun = startingMemory else {
            startingMemory = memory
            return false
        }
        return memory > 2 * begun + (64 << 20)
    }

    /// `RssAnon` of /proc/PID/status, in bytes.
    private var privateMemory: Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon:") })
        else { return nil }
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }

    // Requests.

    func slotIn(_ slot: Int) -> UnsafeMutablePointer<ceval_slot_in> {
        let at = Int(CEVAL_SLOTS_OFFSET) + slot * MemoryLayout<ceval_slot_in>.stride
        return (rows + at).assumingMemoryBound(to: ceval_slot_in.self)
    }

    func rowsData(_ slot: Int) -> UnsafeMutableRawPointer {
        rows + Int(CEVAL_DATA_OFFSET) + slot * WorkerLaunch.rowsSlotBytes
    }

    /// Fills a slot and wakes the thread that serves it.
    func request(
        _ kind: UInt32,
        in slot: Int,
        instance: Int = 0,
        scorer: Int = 0,
        rows: UnsafeRawBufferPointer = .init(start: nil, count: 0),
        count: Int = 0,
        isGuarded: Bool = false
    ) {
        let into = slotIn(slot)
        if slotBytes[slot] > 4 << 20 {
            let offset = Int(CEVAL_DATA_OFFSET) + slot * WorkerLaunch.rowsSlotBytes
            ceval_discard(rowsDescriptor, UInt64(offset), UInt64(WorkerLaunch.rowsSlotBytes))
        }
        if let base = rows.baseAddress { rowsData(slot).copyMemory(from: base, byteCount: rows.count) }
        slotBytes[slot] = rows.count
        replyEnds[slot] = rows.count
        into.pointee.kind = kind
        into.pointee.instance = UInt32(instance)
        into.pointee.scorer = UInt32(scorer)
        into.pointee.row_count = UInt32(count)
        into.pointee.flags = isGuarded ? CEVAL_REQUEST_GUARDED : 0
        into.pointee.bytes = UInt64(rows.count)
        guarded[slot] = isGuarded
        // A worker that ends before it begins must not leave the answers to an earlier request.
        let out = slotOut(slot).assumingMemoryBound(to: ceval_slot_out.self)
        out.pointee.rows_done = 0
        out.pointee.current = 0
        sequences[slot] &+= 1
        withSequence(of: into) { word in
            ceval_store(word, sequences[slot])
            ceval_futex_wake(word)
        }
    }

    private func withSequence(
        of slot: UnsafeMutablePointer<ceval_slot_in>,
        _ body: (UnsafeMutablePointer<UInt32>) -> Void
    ) {
        // The sequence is the slot's first word.
        slot.withMemoryRebound(to: UInt32.self, capacity: 1, body)
    }

    // Answers: everything here may be a hostile library's.

    private func slotOut(_ slot: Int) -> UnsafeMutableRawPointer {
        results + Int(CEVAL_SLOTS_OFFSET) + slot * MemoryLayout<ceval_slot_out>.stride
    }

    /// What stands in a slot.
    func results(_ slot: Int) -> SlotResults {
        let data = results + Int(CEVAL_DATA_OFFSET) + slot * WorkerLaunch.resultsSlotBytes
        return SlotResults(
            head: slotOut(slot),
            data: UnsafeRawBufferPointer(start: data, count: WorkerLaunch.resultsSlotBytes)
        )
    }

    func state(of slot: Int) -> SlotResults.State { results(slot).state(slot: slot, sequence: sequences[slot]) }

    /// Whether the worker's own words are still there.
    var isWhole: Bool { state.magic == CEVAL_MAGIC }

    /// What the worker says of itself.
    var state: ceval_state { results.load(as: ceval_state.self) }

    /// Where the worker is on its way to serving.
    var phase: UInt32 { ceval_load((UnsafeRawPointer(results) + 4).assumingMemoryBound(to: UInt32.self)) }

    /// The answers to a slot's rows.
    ///
    /// - Returns: nil if there are not as many whole sheets.
    func answers(in slot: Int, count: Int) -> Answers? {
        results(slot).answers(guards: guarded[slot] ? Int(CEVAL_GUARD_SHEETS) : 0, count: count, seed: seed)
    }
}

/// Answers to rows, copied out of a worker's memory.
struct Answers: Sendable {
    let bytes: [UInt8]
    /// Where the sheet of each row begins.
    let offsets: [Int]

    /// Checks the sheets of some rows, after so many guards.
    ///
    /// - Returns: nil if one is not what a worker writes.
    init?(bytes: [UInt8], guards: Int, count: Int, seed: UInt64) {
        self.bytes = bytes
        var offsets: [Int] = []
        offsets.reserveCapacity(count)
        let isWhole = bytes.withUnsafeBytes { memory in
            var at = 0
            for index in 0..<(guards + count) {
                let rest = UnsafeRawBufferPointer(rebasing: memory[at...])
                guard let sheet = Sheet(rest, seed: seed) else { return false }
                if index >= guards {
                    guard sheet.row == UInt32(index - guards) else { return false }
                    offsets.append(at)
                } else if sheet.row != CEVAL_GUARD_ROW {
                    return false
                }
                at += sheet.byteCount
            }
            return true
        }
        guard isWhole else { return nil }
        self.offsets = offsets
    }

    /// Bytes that aren't sheets.
    init(raw bytes: [UInt8]) {
        self.bytes = bytes
        offsets = []
    }

    /// Reads the sheet of a row.
    func withSheet<Result>(_ index: Int, _ body: (Sheet) -> Result) -> Result? {
        bytes.withUnsafeBytes { memory in
            Sheet(UnsafeRawBufferPointer(rebasing: memory[offsets[index]...]), seed: nil).map(body)
        }
    }
}

/// The descriptors that are open while a worker is started.
private struct Descriptors {
    private var open: [Int32] = []

    mutating func add(_ descriptor: Int32, _ what: String) throws(WorkerStartError) -> Int32 {
        guard descriptor >= 0 else {
            let error = descriptor == -1 ? errno : -descriptor
            throw WorkerStartError(words: "\(what): \(String(cString: strerror(error)).lowercased())")
        }
        open.append(descriptor)
        return descriptor
    }

    mutating func memory(
        _ name: String,
        _ size: Int,
        isOurs: Bool
    ) throws(WorkerStartError) -> (Int32, UnsafeMutableRawPointer) {
        var mapping: UnsafeMutableRawPointer?
        let descriptor = try add(ceval_shared_memory(name, UInt64(size), isOurs ? 1 : 0, &mapping), "shared memory")
        guard let mapping else { throw WorkerStartError(words: "shared memory can't be mapped") }
        return (descriptor, mapping)
    }

    mutating func packetPair() throws(WorkerStartError) -> (Int32, Int32) {
        var pair: [Int32] = [-1, -1]
        _ = try add(ceval_packet_pair(&pair), "a socket")
        open.removeLast()
        return (try add(pair[0], "a socket"), try add(pair[1], "a socket"))
    }

    mutating func pipe() throws(WorkerStartError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard ceval_pipe(&ends) == 0 else { throw WorkerStartError(words: "no pipe") }
        return (try add(ends[0], "a pipe"), try add(ends[1], "a pipe"))
    }

    func closeAll() { for descriptor in open { close(descriptor) } }
}
