// The library's one export: what its entry function returns, and the C callbacks behind it.

import CEvalHost

/// What the entry function of a plugin returns: the library's description, as the host reads it.
public typealias PluginEntry = UnsafeRawPointer

/// Describes a library of scorers; the whole body of its entry function.
///
///     @c(evalhost_plugin_entry)
///     public func entry() -> PluginEntry { plugin("readability", "1.0.0", Readability.self) }
///
/// - Parameters:
///   - name: The library's name, in the form of a scorer's name.
///   - version: Its version, such as "1.0.0".
///   - scorers: Its scorers.
///   - author: Who wrote it.
///   - licence: Its licence, as an SPDX identifier.
/// - Returns: The description. What is wrong with it (a setting of an unusable type, say) is told by the host.
public func plugin(
    _ name: String,
    _ version: String,
    _ scorers: any PluginScorer.Type...,
    author: String = "",
    licence: String = ""
) -> PluginEntry {
    var library = unsafe evalhost_plugin()
    unsafe library.struct_size = UInt32(MemoryLayout<evalhost_plugin>.size)
    unsafe library.abi_version = EVALHOST_ABI_VERSION
    unsafe library.name = immortal(name)
    unsafe library.version = immortal(version)
    unsafe library.author = author.isEmpty ? nil : immortal(author)
    unsafe library.licence = licence.isEmpty ? nil : immortal(licence)
    do {
        let described = try scorers.map { scorer in unsafe Optional(try describe(scorer)) }
        unsafe library.scorers = immortal(optional: described)
        unsafe library.scorer_count = UInt32(described.count)
    } catch {
        unsafe library.problem = immortal("\(error)")
    }
    return unsafe UnsafeRawPointer(immortalised(library))
}

private func immortalised<Value>(_ value: Value) -> UnsafePointer<Value> {
    let memory = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    unsafe memory.initialize(to: value)
    return unsafe UnsafePointer(memory)
}

/// A scorer's description with what makes its instances behind it: `create` finds the one by the other's address.
private struct ExportedScorer {
    let description: evalhost_scorer
    let maker: InstanceMaker
}

private func describe<Scorer: PluginScorer>(_ type: Scorer.Type) throws -> UnsafePointer<evalhost_scorer> {
    let about = Scorer.about
    let settings = try declaredSettings(of: Scorer.Configuration.self)
    var description = unsafe try about.description(settings: settings)
    unsafe description.create = createInstance
    unsafe description.score = scoreRow
    unsafe description.destroy = destroyInstance
    let maker = Maker<Scorer>(about: about, keys: settings.map(\.key))
    let exported = unsafe immortalised(ExportedScorer(description: description, maker: maker))
    return unsafe UnsafeRawPointer(exported).assumingMemoryBound(to: evalhost_scorer.self)
}

/// Makes instances of a scorer.
private class InstanceMaker {
    func make(_ setup: UnsafePointer<evalhost_setup>) throws -> Instance { throw ScoringError("no scorer") }
    var keys: [String] { [] }
}

private final class Maker<Scorer: PluginScorer>: InstanceMaker {
    let about: About
    let settingKeys: [String]
    let declared: UnsafePointer<UInt64>

    init(about: About, keys: [String]) {
        self.about = about
        settingKeys = keys
        unsafe declared = immortal(about.reads.map(\.digest) + [0])
    }

    override var keys: [String] { settingKeys }

    override func make(_ setup: UnsafePointer<evalhost_setup>) throws -> Instance {
        let count = unsafe Int(setup.pointee.setting_count)
        guard count == settingKeys.count else { throw ScoringError("the host hands over \(count) settings") }
        let values = unsafe UnsafeBufferPointer(start: setup.pointee.settings, count: count)
        let configuration = unsafe try decodeSettings(Scorer.Configuration.self, values: values, keys: settingKeys)
        return unsafe ScorerInstance(
            try Scorer(configuration: configuration),
            answering: Answering(about),
            declared: declared
        )
    }
}

/// One instance of a scorer: what `self` points to on the other side.
private class Instance {
    func score(_ row: UnsafePointer<evalhost_record>, _ out: UnsafePointer<evalhost_sink>) -> evalhost_status {
        EVALHOST_ERROR
    }
}

private final class ScorerInstance<Scorer: PluginScorer>: Instance {
    private var scorer: Scorer
    private let answering: Answering
    private let declared: UnsafePointer<UInt64>

    init(_ scorer: Scorer, answering: Answering, declared: UnsafePointer<UInt64>) {
        self.scorer = scorer
        self.answering = answering
        unsafe self.declared = declared
    }

    override func score(
        _ row: UnsafePointer<evalhost_record>,
        _ out: UnsafePointer<evalhost_sink>
    ) -> evalhost_status {
        do {
            return unsafe answering.give(try scorer.score(Row(row, declared: declared)), to: out)
        } catch let error as RetryError {
            return unsafe say(error.description, out, EVALHOST_RETRY)
        } catch {
            return unsafe say("\(error)", out, EVALHOST_ERROR)
        }
    }
}

private let createInstance:
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

private let scoreRow:
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

private let destroyInstance: @convention(c) (UnsafeMutableRawPointer?) -> Void = { instance in
    if let instance = unsafe instance { unsafe Unmanaged<Instance>.fromOpaque(instance).release() }
}
