// Where answers of calls in this process land: the sheet that workers use, in memory of our own.

internal import CEvalHost
internal import CEvalTransport
internal import Foundation

/// The answers of one call after another.
///
/// Belongs to one scoring thread, also when that was given up. Its memory is untouched, and so not used, beyond what
/// answers need.
final class AnswerSheet {
    private let sheet: UnsafeMutablePointer<ceval_sheet>
    private let memory: UnsafeMutableRawPointer
    private static let capacity = Int(CEVAL_SHEET_BYTES)

    init() {
        sheet = .allocate(capacity: 1)
        ceval_sheet_init(sheet)
        let mapped = mmap(nil, Self.capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let mapped, mapped != MAP_FAILED else { preconditionFailure("out of memory") }
        memory = mapped
    }

    deinit {
        munmap(memory, Self.capacity)
        sheet.deallocate()
    }

    /// Makes a call, and reads what it said; the sheet is valid until the next call.
    ///
    /// - Returns: nil only if memory was overwritten.
    func answers(of call: (UnsafePointer<evalhost_sink>) -> evalhost_status) -> Sheet? {
        ceval_sheet_begin(sheet, memory.assumingMemoryBound(to: UInt8.self), 0)
        let status = UnsafeRawPointer(sheet).withMemoryRebound(to: evalhost_sink.self, capacity: 1) { call($0) }
        let bytes = ceval_sheet_end(sheet, status, nil, 0, 0)
        return Sheet(UnsafeRawBufferPointer(start: memory, count: Int(bytes)), seed: nil)
    }
}
