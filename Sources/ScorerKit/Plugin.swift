// The library's one export: what its entry function returns.

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
///   - scorers: Its scorers: types that conform to ``PluginScorer`` or ``PluginSessionScorer``.
///   - author: Who wrote it.
///   - licence: Its licence, as an SPDX identifier.
///   - permissions: What it needs beyond computing; asking grants nothing.
/// - Returns: The description. What is wrong with it (a setting of an unusable type, say) is told by the host.
public func plugin(
    _ name: String,
    _ version: String,
    _ scorers: any ScorerDeclaration.Type...,
    author: String = "",
    licence: String = "",
    permissions: [Permission] = []
) -> PluginEntry {
    var library = unsafe evalhost_plugin()
    unsafe library.struct_size = UInt32(MemoryLayout<evalhost_plugin>.size)
    unsafe library.abi_version = EVALHOST_ABI_VERSION
    unsafe library.name = immortal(name)
    unsafe library.version = immortal(version)
    unsafe library.author = author.isEmpty ? nil : immortal(author)
    unsafe library.licence = licence.isEmpty ? nil : immortal(licence)
    unsafe library.permissions = immortal(optional: permissions.map(\.described))
    unsafe library.permission_count = UInt32(permissions.count)
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
struct ExportedScorer {
    let description: evalhost_scorer
    let maker: InstanceMaker
}

private func describe(_ type: any ScorerDeclaration.Type) throws -> UnsafePointer<evalhost_scorer> {
    switch (type as? any PluginScorer.Type, type as? any PluginSessionScorer.Type) {
    case (let rows?, nil): return unsafe try describe(rows: rows)
    case (nil, let sessions?): return unsafe try describe(sessions: sessions)
    case (nil, nil): throw ScoringError("\(type) conforms to neither PluginScorer nor PluginSessionScorer")
    default: throw ScoringError("\(type) scores rows and sessions; make two scorers of it")
    }
}

private func describe<Scorer: PluginScorer>(rows type: Scorer.Type) throws -> UnsafePointer<evalhost_scorer> {
    unsafe try describe(
        type,
        instance: { RowInstance<Scorer>($0, $1) },
        callbacks: { description in
            unsafe description.score = scoreRow
        }
    )
}

private func describe<Scorer: PluginSessionScorer>(
    sessions type: Scorer.Type
) throws -> UnsafePointer<evalhost_scorer> {
    unsafe try describe(
        type,
        instance: { SessionInstance<Scorer>($0, $1) },
        callbacks: { description in
            unsafe description.flags |= EVALHOST_SCORES_SESSION
            unsafe description.extension = findExtension
        }
    )
}

private func describe<Scorer: ScorerDeclaration>(
    _ type: Scorer.Type,
    instance: @escaping (Scorer, InstanceParts) -> Instance,
    callbacks: (inout evalhost_scorer) -> Void
) throws -> UnsafePointer<evalhost_scorer> {
    let about = Scorer.about
    let settings = try declaredSettings(of: Scorer.Configuration.self)
    var description = unsafe try about.description(settings: settings)
    unsafe description.create = createInstance
    unsafe description.destroy = destroyInstance
    unsafe callbacks(&description)
    let maker = Maker<Scorer>(about: about, keys: settings.map(\.key), instance: instance)
    let exported = unsafe immortalised(ExportedScorer(description: description, maker: maker))
    return unsafe UnsafeRawPointer(exported).assumingMemoryBound(to: evalhost_scorer.self)
}
