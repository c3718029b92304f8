// What an instance in this process sees of the host: evalhost.log, evalhost.assets and evalhost.judge.

internal import CEvalHost
internal import CEvalTransport
internal import EvalCore
internal import EvalJSON
internal import Foundation

/// The host of one instance.
///
/// The plugin reaches it through `evalhost_host.opaque`, on its scoring thread or, to log and to find assets, on any.
final class HostContext: @unchecked Sendable {
    let voice: PluginVoice
    private let judge: (any JudgeClient)?
    private let checked: CheckedLibrary
    /// What the plugin is given, and the tables of extensions; as long as the instance.
    private let memory = CallMemory()
    let host: UnsafeMutablePointer<evalhost_host>
    private let judgeTable: UnsafeMutablePointer<evalhost_judge>
    // Guarded by being touched on the scoring thread only.
    private var call: (thread: pthread_t, work: WatchedWork)?
    private var replies: CallMemory?
    /// What the judge answered last instead of a reply, in the call under way.
    private(set) var judgeError: ScorerError?
    private var repetition = 0
    // Guarded by `lock`.
    private var assets: [String: evalhost_text] = [:]
    private let lock = NSLock()

    init(
        _ checked: CheckedLibrary,
        version: String,
        judge: (any JudgeClient)?,
        voice: PluginVoice
    ) {
        self.checked = checked
        self.judge = judge
        self.voice = voice
        host = memory.allocate(evalhost_host.self, 1)
        judgeTable = memory.allocate(evalhost_judge.self, 1)
        judgeTable.pointee = evalhost_judge(
            struct_size: UInt32(MemoryLayout<evalhost_judge>.size),
            reserved: 0,
            model: memory.text(judge?.model ?? ""),
            ask: askJudge
        )
        host.pointee = evalhost_host(
            struct_size: UInt32(MemoryLayout<evalhost_host>.size),
            abi_version: EVALHOST_ABI_VERSION,
            version: memory.text(version).data,
            extension: findExtension,
            opaque: nil
        )
        host.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
    }

    /// Where `record.host` points while a row is scored.
    var mark: UnsafeRawPointer { UnsafeRawPointer(host) }

    /// Begins a call of the plugin on this thread.
    ///
    /// - Parameters:
    ///   - work: What the watchdog watches.
    ///   - repetition: Which repetition of its record the row is.
    func begin(_ work: WatchedWork, repetition: Int) {
        call = (pthread_self(), work)
        self.repetition = repetition
        if replies != nil { replies = nil }
        if judgeError != nil { judgeError = nil }
    }

    /// Ends it.
    func end() { call = nil }

    fileprivate func table(_ id: String, _ revision: UInt32) -> UnsafeRawPointer? {
        guard revision == 1 else { return nil }
        switch id {
        case EVALHOST_EXT_LOG: return UnsafeRawPointer(logTable)
        case EVALHOST_EXT_ASSETS: return UnsafeRawPointer(assetsTable)
        case EVALHOST_EXT_JUDGE: return judge == nil ? nil : UnsafeRawPointer(judgeTable)
        default: return nil
        }
    }

    fileprivate func find(_ path: String) -> evalhost_text? {
        lock.lock()
        defer { lock.unlock() }
        if let found = assets[path] { return found }
        var bytes = evalhost_text()
        guard checked.assets >= 0, ceval_asset_map(checked.assets, path, &bytes) == 0 else { return nil }
        assets[path] = bytes
        return bytes
    }

    /// Asks the judge and waits; the row's deadline stands still meanwhile.
    fileprivate func ask(
        _ request: UnsafePointer<evalhost_judge_request>?,
        about row: UnsafePointer<evalhost_record>?,
        _ reply: inout evalhost_judge_reply
    ) -> evalhost_status {
        guard let call, pthread_equal(call.thread, pthread_self()) != 0, row?.pointee.host == mark, let judge else {
            return refuse(&reply, "the judge can be asked only on the thread that scores the row, while it does")
        }
        guard var question = request.flatMap({ Self.question($0.pointee) }) else {
            return refuse(&reply, "the question to the judge breaks a rule of evalhost/ext/judge.h")
        }
        question.repetition = repetition
        let outcome = Outcome()
        let done = DispatchSemaphore(value: 0)
        Task { [question] in
            do throws(ScorerError) {
                outcome.value = .success(try await judge.ask(question))
            } catch {
                outcome.value = .failure(error)
            }
            done.signal()
        }
        call.work.pause()
        done.wait()
        call.work.resume()
        switch outcome.value {
        case .success(let answer): return give(answer, &reply)
        case .failure(let error):
            judgeError = error
            return refuse(&reply, error.description)
        case nil: return refuse(&reply, "the judge gave no answer")
        }
    }

    private final class Outcome: @unchecked Sendable {
        // Written before the semaphore is signalled, read after.
        var value: Result<JudgeAnswer, ScorerError>?
    }

    private static func question(_ request: evalhost_judge_request) -> JudgeQuestion? {
        guard request.struct_size >= MemoryLayout<evalhost_judge_request>.size, let messages = request.messages,
            request.message_count > 0, request.message_count <= EVALHOST_MAX_JUDGE_MESSAGES,
            let schema = text(request.schema).flatMap({ try? JSON(parsing: $0) }), schema.kind == .object
        else { return nil }
        var list: [JudgeMessage] = []
        var bytes = request.schema.size
        for index in 0..<Int(request.message_count) {
            bytes += messages[index].role.size + messages[index].content.size
            guard bytes <= EVALHOST_MAX_JUDGE_BYTES, let role = text(messages[index].role),
                let content = text(messages[index].content), ["system", "user", "assistant"].contains(role)
            else { return nil }
            list.append(JudgeMessage(role: role, content: content))
        }
        return JudgeQuestion(messages: list, schema: schema, sample: Int(request.sample))
    }

    private static func text(_ text: evalhost_text) -> String? {
        guard text.size <= EVALHOST_MAX_JUDGE_BYTES else { return nil }
        return String(validating: UnsafeRawBufferPointer(start: text.data, count: Int(text.size)), as: UTF8.self)
    }

    private func give(_ answer: JudgeAnswer, _ reply: inout evalhost_judge_reply) -> evalhost_status {
        let memory = replies ?? CallMemory()
        replies = memory
        reply.reply = memory.text(answer.reply.serialized)
        reply.model = memory.text(answer.model)
        reply.error = CallMemory.emptyText
        reply.from_cache = answer.isFromCache ? 1 : 0
        reply.input_tokens = answer.inputTokens ?? -1
        reply.output_tokens = answer.outputTokens ?? -1
        reply.cost_usd = answer.costUSD ?? -1
        return EVALHOST_OK
    }

    private func refuse(_ reply: inout evalhost_judge_reply, _ words: String) -> evalhost_status {
        let memory = replies ?? CallMemory()
        replies = memory
        reply.reply = CallMemory.emptyText
        reply.model = CallMemory.emptyText
        reply.error = memory.text(words)
        reply.from_cache = 0
        reply.input_tokens = -1
        reply.output_tokens = -1
        reply.cost_usd = -1
        return EVALHOST_ERROR
    }
}

private func context(_ host: UnsafePointer<evalhost_host>?) -> HostContext? {
    host?.pointee.opaque.map { Unmanaged<HostContext>.fromOpaque($0).takeUnretainedValue() }
}

private let findExtension:
    @convention(c) (UnsafePointer<evalhost_host>?, UnsafePointer<CChar>?, UInt32) -> UnsafeRawPointer? = {
        host,
        id,
        revision in
        guard let id else { return nil }
        return context(host)?.table(String(cString: id), revision)
    }

private let askJudge:
    @convention(c) (
        UnsafePointer<evalhost_host>?, UnsafePointer<evalhost_record>?, UnsafePointer<evalhost_judge_request>?,
        UnsafeMutablePointer<evalhost_judge_reply>?
    ) -> evalhost_status = { host, row, request, reply in
        guard let reply, let context = context(host),
            reply.pointee.struct_size >= MemoryLayout<evalhost_judge_reply>.size
        else { return EVALHOST_ERROR }
        return context.ask(request, about: row, &reply.pointee)
    }

private let writeLine:
    @convention(c) (UnsafePointer<evalhost_host>?, UnsafePointer<evalhost_record>?, UInt32, evalhost_text) -> Void = {
        host,
        _,
        level,
        line in
        guard let level = PluginLine.Level(rawValue: level), level >= .info, line.size > 0 else { return }
        let count = Int(min(line.size, UInt64(PluginVoice.lineBytes)))
        context(host)?.voice.say(level, Array(UnsafeRawBufferPointer(start: line.data, count: count)))
    }

private let findAsset:
    @convention(c) (UnsafePointer<evalhost_host>?, UnsafePointer<CChar>?, UnsafeMutablePointer<evalhost_text>?) ->
        evalhost_status = { host, path, bytes in
            bytes?.pointee = evalhost_text()
            guard let path, let bytes, let found = context(host)?.find(String(cString: path)) else {
                return EVALHOST_ERROR
            }
            bytes.pointee = found
            return EVALHOST_OK
        }

// The tables live for ever, since plugins may look at them at any time.

private nonisolated(unsafe) let logTable: UnsafeMutablePointer<evalhost_log> = {
    let table = UnsafeMutablePointer<evalhost_log>.allocate(capacity: 1)
    let size = UInt32(MemoryLayout<evalhost_log>.size)
    table.initialize(to: evalhost_log(struct_size: size, minimum_level: EVALHOST_LOG_INFO, write: writeLine))
    return table
}()

private nonisolated(unsafe) let assetsTable: UnsafeMutablePointer<evalhost_assets> = {
    let table = UnsafeMutablePointer<evalhost_assets>.allocate(capacity: 1)
    let size = UInt32(MemoryLayout<evalhost_assets>.size)
    table.initialize(to: evalhost_assets(struct_size: size, reserved: 0, find: findAsset))
    return table
}()
