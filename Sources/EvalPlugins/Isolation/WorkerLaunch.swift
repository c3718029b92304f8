// What a worker is started with.

internal import CEvalTransport
internal import EvalCore
internal import EvalJSON
internal import Foundation

/// What a worker is started with; the same for all workers of a library.
struct WorkerLaunch: Sendable {
    let executable: String
    let library: CheckedLibrary
    let hostVersion: String
    let lanes: Int
    let depth: Int
    /// Bits `CEVAL_START_…`.
    var flags: UInt32
    /// `CEVAL_STRING_…` with their texts, beside the version, the name and the needed libraries.
    var strings: [(kind: UInt32, text: String)] = []
    /// A `ceval_binding` with what follows it, where a function is to be called instead of a plugin.
    var binding: [UInt8] = []
    var memoryBytes = 1 << 30
    var threads = 1
    var logLevel: UInt32 = 2

    var slots: Int { lanes * depth }
    /// The largest row, and room for what stands beside it.
    static let rowsSlotBytes = Limits.rowBytes + (2 << 20)
    static let resultsSlotBytes = 12 << 20
    var rowsBytes: Int { Int(CEVAL_DATA_OFFSET) + slots * Self.rowsSlotBytes }
    var resultsBytes: Int { Int(CEVAL_DATA_OFFSET) + slots * Self.resultsSlotBytes }

    var arguments: [String] { ["evalhost-worker", library.name, hostVersion] }

    /// The whole environment: nothing of the host's, which has keys in it, but the time zone.
    var environment: [String] {
        var variables = [
            "PATH=/usr/bin:/bin", "HOME=/nonexistent", "LANG=C.UTF-8", "SWIFT_BACKTRACE=enable=no",
            "OMP_NUM_THREADS=\(threads)", "OPENBLAS_NUM_THREADS=\(threads)",
        ]
        if let zone = ProcessInfo.processInfo.environment["TZ"] { variables.append("TZ=\(zone)") }
        return variables
    }

    /// Writes the start block to the front of the rows.
    func write(to rows: UnsafeMutableRawPointer, seed: UInt64) throws(WorkerStartError) {
        let words =
            [(kind: CEVAL_STRING_HOST_VERSION, text: hostVersion), (kind: CEVAL_STRING_LIBRARY, text: library.name)]
            + library.beside.map { (kind: CEVAL_STRING_NEEDED, text: $0.name) } + strings
        var all = words.map { (kind: $0.kind, bytes: Array($0.text.utf8)) }
        if !binding.isEmpty { all.append((kind: CEVAL_STRING_BINDING, bytes: binding)) }
        let start = ceval_start(
            magic: CEVAL_MAGIC,
            flags: flags | (library.assets >= 0 ? CEVAL_START_HAS_ASSETS : 0),
            slot_count: UInt32(slots),
            thread_count: UInt32(lanes),
            rows_slot_bytes: UInt64(Self.rowsSlotBytes),
            results_slot_bytes: UInt64(Self.resultsSlotBytes),
            memory_bytes: UInt64(memoryBytes),
            seed: seed,
            log_level: logLevel,
            parent: UInt32(getpid()),
            string_count: UInt32(all.count),
            reserved: 0
        )
        rows.storeBytes(of: start, as: ceval_start.self)
        var at = MemoryLayout<ceval_start>.size
        for (kind, bytes) in all {
            let size = bytes.count
            guard at + 16 + size < CEVAL_SLOTS_OFFSET else {
                throw WorkerStartError(words: "its permissions name too many paths")
            }
            rows.storeBytes(of: ceval_string(kind: kind, size: UInt32(size)), toByteOffset: at, as: ceval_string.self)
            UnsafeMutableRawBufferPointer(start: rows + at + 8, count: size).copyBytes(from: bytes)
            at += (8 + size + 1 + 7) & ~7
        }
    }
}

/// Why a worker could not be started, in words.
struct WorkerStartError: Error {
    let words: String
}
