// Instances of scorers, and the C callbacks that make, use and destroy them.

import CEvalHost

/// Makes instances of a scorer.
class InstanceMaker {
    func make(_ setup: UnsafePointer<evalhost_setup>) throws -> Instance { throw ScoringError("no scorer") }
    var keys: [String] { [] }
}

final class Maker<Scorer: ScorerDeclaration>: InstanceMaker {
    private let about: About
    private let settingKeys: [String]
    private let declared: UnsafePointer<UInt64>
    private let instance: (Scorer, InstanceParts) -> Instance

    init(about: About, keys: [String], instance: @escaping (Scorer, InstanceParts) -> Instance) {
        self.about = about
        settingKeys = keys
        unsafe declared = immortal(about.reads.map(\.digest) + [0])
        self.instance = instance
    }

    override var keys: [String] { settingKeys }

    override func make(_ setup: UnsafePointer<evalhost_setup>) throws -> Instance {
        let count = unsafe Int(setup.pointee.setting_count)
        guard count == settingKeys.count else { throw ScoringError("the host hands over \(count) settings") }
        guard let host = unsafe setup.pointee.host else { throw ScoringError("the host hands over no host") }
        let values = unsafe UnsafeBufferPointer(start: setup.pointee.settings, count: count)
        let configuration = unsafe try decodeSettings(Scorer.Configuration.self, values: values, keys: settingKeys)
        let callsJudge = about.traits.contains(.callsJudge)
        let parts = unsafe InstanceParts(
            answering: Answering(about),
            declared: declared,
            tables: HostTables(host, callsJudge: callsJudge)
        )
        if callsJudge, unsafe parts.tables.pointee.judge == nil {
            throw ScoringError("it asks a judge, and this run has none")
        }
        var scorer = try Scorer(configuration: configuration)
        try scorer.prepare(unsafe SetupContext(parts.tables))
        return instance(scorer, parts)
    }
}

/// What every instance has beside its scorer.
final class InstanceParts {
    let answering: Answering
    /// The digests of the declared fields.
    let declared: UnsafePointer<UInt64>
    let tables: UnsafePointer<HostTables>

    init(answering: Answering, declared: UnsafePointer<UInt64>, tables: HostTables) {
        self.answering = answering
        unsafe self.declared = declared
        let memory = UnsafeMutablePointer<HostTables>.allocate(capacity: 1)
        unsafe memory.initialize(to: tables)
        unsafe self.tables = UnsafePointer(memory)
    }

    deinit { unsafe tables.deallocate() }

    /// Gives what was answered, or why nothing was, to the sink.
    func give(_ out: UnsafePointer<evalhost_sink>, _ answer: () throws -> Score) -> evalhost_status {
        do {
            return unsafe answering.give(try answer(), to: out)
        } catch let error as RetryError {
            return unsafe say(error.description, out, EVALHOST_RETRY)
        } catch {
            return unsafe say("\(error)", out, EVALHOST_ERROR)
        }
    }
}

/// One instance of a scorer: what `self` points to on the other side.
class Instance {
    func score(_ row: UnsafePointer<evalhost_record>, _ out: UnsafePointer<evalhost_sink>) -> evalhost_status {
        EVALHOST_ERROR
    }

    func score(_ session: UnsafePointer<evalhost_session>, _ out: UnsafePointer<evalhost_sink>) -> evalhost_status {
        EVALHOST_ERROR
    }
}

final class RowInstance<Scorer: PluginScorer>: Instance {
    private var scorer: Scorer
    private let parts: InstanceParts

    init(_ scorer: Scorer, _ parts: InstanceParts) {
        self.scorer = scorer
        self.parts = parts
    }

    override func score(
        _ row: UnsafePointer<evalhost_record>,
        _ out: UnsafePointer<evalhost_sink>
    ) -> evalhost_status {
        unsafe parts.give(out) {
            unsafe try scorer.score(Row(row, declared: parts.declared, tables: parts.tables))
        }
    }
}

final class SessionInstance<Scorer: PluginSessionScorer>: Instance {
    private var scorer: Scorer
    private let parts: InstanceParts

    init(_ scorer: Scorer, _ parts: InstanceParts) {
        self.scorer = scorer
        self.parts = parts
    }

    override func score(
        _ session: UnsafePointer<evalhost_session>,
        _ out: UnsafePointer<evalhost_sink>
    ) -> evalhost_status {
        unsafe parts.give(out) {
            unsafe try scorer.score(Session(session, declared: parts.declared, tables: parts.tables))
        }
    }
}

// The callbacks.

let createInstance:
    @convention(c) (UnsafePointer<evalhost_setup>?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> evalhost_status =
        { setup, result in
            guard let setup = unsafe setup, let result = unsafe result, let scorer = unsafe setup.pointee.scorer else {
                return EVALHOST_ERROR
            }
            let maker = unsafe UnsafeRawPointer(scorer).assumingMemoryBound(to: ExportedScorer.self).pointee.maker
            do {
                unsafe result.pointee = unsafe Unmanaged.passRetained(try maker.make(setup)).toOpaque()
                return EVALHOST_OK
            } catch let error as SettingError {
                let index = maker.keys.firstIndex(of: snakeCase(error.key)) ?? -1
                return unsafe evalhost_reject(setup, Int32(index), error.description)
            } catch {
                return unsafe evalhost_reject(setup, -1, "\(error)")
            }
        }

let scoreRow:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<evalhost_record>?, UnsafePointer<evalhost_sink>?) ->
        evalhost_status = { instance, row, out in
            guard let instance = unsafe instance, let row = unsafe row, let out = unsafe out else {
                return EVALHOST_ERROR
            }
            return unsafe Unmanaged<Instance>.fromOpaque(instance)
                ._withUnsafeGuaranteedRef { instance in
                    unsafe instance.score(row, out)
                }
        }

private let scoreSession:
    @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<evalhost_session>?, UnsafePointer<evalhost_sink>?) ->
        evalhost_status = { instance, session, out in
            guard let instance = unsafe instance, let session = unsafe session, let out = unsafe out,
                unsafe session.pointee.turn_count > 0
            else { return EVALHOST_ERROR }
            return unsafe Unmanaged<Instance>.fromOpaque(instance)
                ._withUnsafeGuaranteedRef { instance in
                    unsafe instance.score(session, out)
                }
        }

let destroyInstance: @convention(c) (UnsafeMutableRawPointer?) -> Void = { instance in
    if let instance = unsafe instance { unsafe Unmanaged<Instance>.fromOpaque(instance).release() }
}

// What a scorer of sessions offers the host. One byte pattern for ever, made when it is first asked for.
private nonisolated(unsafe) let sessionTable: UnsafePointer<evalhost_session_scorer> = {
    let memory = UnsafeMutablePointer<evalhost_session_scorer>.allocate(capacity: 1)
    let size = UInt32(MemoryLayout<evalhost_session_scorer>.size)
    unsafe memory.initialize(to: evalhost_session_scorer(struct_size: size, reserved: 0, score_session: scoreSession))
    return unsafe UnsafePointer(memory)
}()

let findExtension:
    @convention(c) (UnsafePointer<evalhost_scorer>?, UnsafePointer<CChar>?, UInt32) -> UnsafeRawPointer? =
        { _, id, revision in
            guard let id = unsafe id, revision == EVALHOST_EXT_SESSION_REVISION,
                unsafe String(cString: id) == EVALHOST_EXT_SESSION
            else { return nil }
            return unsafe UnsafeRawPointer(sessionTable)
        }
