// Hears what workers print, log and do beside answering.

internal import CEvalHost
internal import CEvalTransport
internal import Foundation

/// Listens to the workers of one library; keeps to a rate, so that a flood costs nothing but its own reading.
final class PluginListener: @unchecked Sendable {
    /// What is read of a descriptor at a time.
    private static let chunkBytes = 256 << 10

    private let voice: PluginVoice
    // Touched on the supervisor's thread only.
    private lazy var buffer = [UInt8](repeating: 0, count: PluginListener.chunkBytes)

    init(_ voice: PluginVoice) { self.voice = voice }

    /// Tells what a plugin did that is nobody's row.
    func warn(_ warning: WorkerFleet.Warning) {
        voice.tell(Self.words(warning))
    }

    private static func words(_ warning: WorkerFleet.Warning) -> String {
        switch warning {
        case .endedBetweenRows(let cause): "\(words(cause)) while it had no row; no row is lost"
        case .failedWhileEnding(let cause): "\(words(cause)) while it destroyed its instances; no row is lost"
        case .replacedAfterCrashOfOtherThread(let fault):
            "\(fault.words) in a thread of its own; the row that was being scored is scored again"
        case .retired: "gets no more rows: it failed on five in a row, and on others from later in the source"
        }
    }

    private static func words(_ cause: WorkerFleet.Death.Cause) -> String {
        switch cause {
        case .fault(let fault), .otherThread(let fault): fault.words
        case .memory: "used more memory than it may"
        case .signal(let signal): "had its process ended by \(signalName(signal))"
        case .failedStart(let words): "couldn't be started: \(words)"
        case .ended: "ended its process"
        }
    }

    /// Reads what there is.
    func read(_ kind: FleetDriver.Source.Kind, of process: WorkerProcess) {
        switch kind {
        case .output(let index): readLines(process.output[index], index, process)
        case .control: readLog(process)
        case .answers, .process: break
        }
    }

    private func readLines(_ descriptor: Int32, _ index: Int, _ process: WorkerProcess) {
        // A flood is read as fast as it comes, or it would take the row's time; but others have their turn too.
        for _ in 0..<16 {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { process.ended.insert(descriptor) }
            guard count > 0 else { return }
            take(buffer[..<count], &process.partialLines[index])
        }
    }

    /// Takes what was printed, behind the beginning of a line that was printed before.
    func take(_ bytes: ArraySlice<UInt8>, _ partial: inout [UInt8]) {
        var rest = bytes
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            if voice.isFlooded {
                voice.drop(rest.count { $0 == UInt8(ascii: "\n") })
                rest = rest[((rest.lastIndex(of: UInt8(ascii: "\n")) ?? end) + 1)...]
                partial = []
                continue
            }
            say(.info, Array((partial + rest[..<end]).prefix(PluginVoice.lineBytes)))
            partial = []
            rest = rest[(end + 1)...]
        }
        let room = PluginVoice.lineBytes - partial.count
        if room > 0 { partial += rest.prefix(room) }
    }

    private func readLog(_ process: WorkerProcess) {
        let head = MemoryLayout<ceval_log_line>.size
        var buffer = [UInt8](repeating: 0, count: head + PluginVoice.lineBytes)
        for _ in 0..<64 {
            let count = recv(process.control, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count == 0 { process.ended.insert(process.control) }
            guard count > 0 else { return }
            take(packet: buffer[..<count])
        }
    }

    /// Takes a packet of the log.
    ///
    /// - Returns: Whether it is one.
    @discardableResult
    func take(packet: ArraySlice<UInt8>) -> Bool {
        let head = MemoryLayout<ceval_log_line>.size
        guard packet.count >= head else { return false }
        let line = packet.withUnsafeBytes { $0.loadUnaligned(as: ceval_log_line.self) }
        guard line.magic == CEVAL_MAGIC else { return false }
        say(PluginLine.Level(rawValue: line.level) ?? .info, Array(packet.dropFirst(head)))
        return true
    }

    private func say(_ level: PluginLine.Level, _ bytes: [UInt8]) { voice.say(level, bytes) }
}
