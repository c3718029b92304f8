// All places where the host reads what a library or its worker wrote, each as a function of bytes: for tests that feed
// them what no worker would write. Nothing else uses this.

internal import CEvalHost
internal import CEvalTransport
internal import EvalCore
internal import EvalJSON

/// A reading of bytes that may be a hostile library's.
package enum HostileReading: String, CaseIterable, Sendable {
    /// The sheets of a batch, their checks, and the verdicts about rows.
    case sheets
    /// What a library says of itself, up to the descriptors of its scorers.
    case description
    /// A question to the judge.
    case question
    /// The words and the data of a slot.
    case slot
    /// What a worker says of itself, and what its signal handler wrote.
    case state
    /// A packet of the log.
    case log
    /// What a library prints.
    case output
    /// A library's file.
    case image

    /// Reads some bytes as the host would.
    ///
    /// - Parameters:
    ///   - bytes: Anything.
    ///   - seed: Of the checks of sheets.
    /// - Returns: Whether they were taken for what they should be.
    package func accepts(_ bytes: [UInt8], seed: UInt64) -> Bool {
        switch self {
        case .sheets: Self.readSheets(bytes, seed)
        case .description: Self.readDescription(bytes)
        case .question: Self.readQuestion(bytes)
        case .slot: Self.readSlot(bytes, seed)
        case .state: Self.readState(bytes)
        case .log: PluginListener(PluginVoice("fuzzed") { _ in }).take(packet: bytes[...])
        case .output: Self.readOutput(bytes)
        case .image: Self.readImage(bytes)
        }
    }

    /// Makes the check of a sheet, if it is one, right: so that readers look at what stands in it.
    package static func mendCheck(_ bytes: inout [UInt8], at offset: Int, seed: UInt64) -> Int? {
        let left = bytes.count - offset
        guard left >= MemoryLayout<ceval_sheet_head>.size else { return nil }
        return bytes.withUnsafeMutableBytes { memory in
            let size = Int(memory.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            guard size >= MemoryLayout<ceval_sheet_head>.size, size <= left, let base = memory.baseAddress else {
                return nil
            }
            let sheet = UnsafePointer((base + offset).assumingMemoryBound(to: UInt8.self))
            let check = ceval_sheet_check(sheet, UInt64(size), seed)
            memory.storeBytes(of: check, toByteOffset: offset + 4, as: UInt32.self)
            return size
        }
    }

    /// `e_machine` of this machine's libraries.
    package static var machine: UInt16 { ELFImage.thisMachine }

    /// A scorer with a value of each kind.
    private static let reader: AnswerReader = {
        func value(_ name: String, _ kind: UInt32, _ range: ClosedRange<Double>? = nil) -> PluginDescription.Value {
            PluginDescription.Value(
                name: name,
                help: "",
                kind: kind,
                minimum: range?.lowerBound,
                maximum: range?.upperBound,
                labels: kind == EVALHOST_KIND_LABEL ? ["low", "middle", "high"] : [],
                unit: "",
                pass: "",
                aggregations: "",
                direction: EVALHOST_DIRECTION_NONE
            )
        }
        return AnswerReader(
            PluginDescription.Scorer(
                value: value("fuzzed", EVALHOST_KIND_NUMBER, 0...1),
                reads: "outputs",
                feedbacks: [
                    value("label", EVALHOST_KIND_LABEL), value("text", EVALHOST_KIND_TEXT),
                    value("object", EVALHOST_KIND_JSON), value("truth", EVALHOST_KIND_BOOLEAN),
                    value("count", EVALHOST_KIND_INTEGER, -5...5),
                ],
                settings: [],
                flags: 0
            )
        )
    }()

    private static let row: Row? = {
        guard let record = try? Record(inputs: ["question": "?"], outputs: "an answer") else { return nil }
        let trace = Trace.pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
        return Row(record: record, outputs: record.outputs, trace: trace)
    }()

    private static func readSheets(_ bytes: [UInt8], _ seed: UInt64) -> Bool {
        // The host knows how many rows it sent; here it is what the heads say.
        var (at, count, guards) = (0, 0, 0)
        bytes.withUnsafeBytes { memory in
            while count < 256, memory.count - at >= MemoryLayout<ceval_sheet_head>.size {
                let head = memory.loadUnaligned(fromByteOffset: at, as: ceval_sheet_head.self)
                if head.row == CEVAL_GUARD_ROW, guards < CEVAL_GUARD_SHEETS { guards += 1 } else { count += 1 }
                guard head.bytes > 0 else { return }
                at += Int(head.bytes)
                guard at <= memory.count else { return }
            }
        }
        guard let answers = Answers(bytes: bytes, guards: guards, count: count, seed: seed) else { return false }
        return read(answers)
    }

    private static func read(_ answers: Answers) -> Bool {
        guard let row else { return false }
        for index in answers.offsets.indices {
            let isRead = answers.withSheet(index) { sheet in
                _ = reader.verdict(sheet, about: .row(row))
                _ = CreateAnswer(sheet)
                _ = sheet.denied
                return true
            }
            guard isRead == true else { return false }
        }
        return !answers.offsets.isEmpty
    }

    private static func readDescription(_ bytes: [UInt8]) -> Bool {
        do throws(DescriptionError) {
            let description = try DescriptionReader.read(bytes)
            _ = try description.descriptors(digest: Digest(of: [UInt8]()))
            return true
        } catch {
            return false
        }
    }

    private static func readQuestion(_ bytes: [UInt8]) -> Bool {
        var reader = QuestionBytes(bytes: bytes)
        return reader.question() != nil
    }

    /// The bytes are a slot's words, then its data.
    private static func readSlot(_ bytes: [UInt8], _ seed: UInt64) -> Bool {
        let head = MemoryLayout<ceval_slot_out>.size
        guard bytes.count >= head else { return false }
        // Of its own, so that a sanitizer sees what is read beyond.
        let words = UnsafeMutableRawBufferPointer.allocate(byteCount: head, alignment: 8)
        let data = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count - head, alignment: 8)
        defer {
            words.deallocate()
            data.deallocate()
        }
        words.copyBytes(from: bytes[..<head])
        data.copyBytes(from: bytes[head...])
        guard let base = words.baseAddress else { return false }
        let slot = SlotResults(head: UnsafeRawPointer(base), data: UnsafeRawBufferPointer(data))
        let state = slot.state(slot: 0, sequence: 1)
        _ = (state.mark, state.isBusy, slot.bytes(0..<state.bytes), slot.question())
        guard state.isDone, !state.isCorrupt(rows: 256) else { return false }
        guard let answers = slot.answers(guards: 0, count: state.rowsDone, seed: seed) else { return false }
        return read(answers)
    }

    private static func readState(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= MemoryLayout<ceval_state>.size else { return false }
        let state = bytes.withUnsafeBytes { $0.loadUnaligned(as: ceval_state.self) }
        let obituary = Obituary(state: state, path: "fuzzed.so") { $0.map { String($0) } }
        _ = obituary.death(status: 1, signal: nil)
        _ = obituary.death(status: nil, signal: state.fault.signal)
        _ = obituary.refusal()
        let hasFailed = state.phase == CEVAL_PHASE_FAILED && (1...CEVAL_FAILURE_PROBLEM).contains(state.failure)
        return state.magic == CEVAL_MAGIC && (state.fault.set == 1 || hasFailed)
    }

    /// What is printed comes in pieces.
    private static func readOutput(_ bytes: [UInt8]) -> Bool {
        let listener = PluginListener(PluginVoice("fuzzed") { _ in })
        var partial: [UInt8] = []
        let half = bytes.count / 2
        listener.take(bytes[..<half], &partial)
        listener.take(bytes[half...], &partial)
        return partial.count <= PluginVoice.lineBytes && bytes.contains(UInt8(ascii: "\n"))
    }

    private static func readImage(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { memory in
            _ = ELFSymbols(memory).names(of: [0, 0x1000, 0x1120, 0x2000, .max])
            do throws(ELFImage.Problem) {
                _ = try ELFImage(memory).needed
                return true
            } catch {
                return false
            }
        }
    }
}
