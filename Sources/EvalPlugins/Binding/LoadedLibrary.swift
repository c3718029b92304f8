// A library in this process: loaded from its sealed copy, never closed.

internal import CEvalHost
internal import CEvalSandbox
internal import CEvalTransport
internal import EvalCore
internal import EvalJSON
internal import Foundation

/// A library whose code is mapped and which has described itself.
///
/// It is never closed: threads and destructors of its own may still run (see `RTLD_NODELETE`).
final class LoadedLibrary: @unchecked Sendable {
    let checked: CheckedLibrary
    let description: PluginDescription
    private let plugin: UnsafePointer<evalhost_plugin>

    private init(_ checked: CheckedLibrary, _ description: PluginDescription, _ plugin: UnsafePointer<evalhost_plugin>)
    {
        self.checked = checked
        self.description = description
        self.plugin = plugin
    }

    /// The scorer at a place in the description.
    func scorer(_ index: Int) -> UnsafePointer<evalhost_scorer>? { plugin.pointee.scorers[index] }

    /// Loads a library and asks it to describe itself.
    ///
    /// From here on its code runs in this process.
    ///
    /// A constructor that never ends holds the loader's lock: every later load in this process then fails at its deadline
    /// too. Nothing but another process helps against that.
    /// - Throws: Why it can't be loaded, or what is wrong with its description.
    fileprivate static func load(_ checked: CheckedLibrary, deadline: Duration) async throws(Diagnostic)
        -> LoadedLibrary
    {
        let thread = PluginThread(name: "evalhost-load")
        let outcome = await thread.perform(deadline: deadline) { _ in (open(checked), 0) }
        switch outcome {
        case .finished(let result): return try result.get()
        case .expired: throw Refusal.loadDeadline(checked.path, deadline)
        }
    }

    private static func open(_ checked: CheckedLibrary) -> Result<LoadedLibrary, Diagnostic> {
        let path = checked.path
        for needed in checked.beside {
            guard dlopen(needed.loaderPath(), RTLD_NOW | RTLD_LOCAL | ceval_rtld_nodelete()) != nil else {
                return .failure(Refusal.loader(needed.path, dlerror().map { String(cString: $0) } ?? "no reason given"))
            }
        }
        guard let handle = dlopen(checked.loaderPath(), RTLD_NOW | RTLD_LOCAL | ceval_rtld_nodelete()) else {
            let words = dlerror().map { String(cString: $0) } ?? "no reason given"
            return .failure(Refusal.loader(path, words))
        }
        guard let symbol = dlsym(handle, EVALHOST_ENTRY_SYMBOL) else { return .failure(Refusal.noEntry(path)) }
        let entry = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafePointer<evalhost_plugin>?).self)
        guard let plugin = entry() else {
            return .failure(Refusal.description(path, "\(EVALHOST_ENTRY_SYMBOL) returned null"))
        }
        guard ELFImage.speaks(plugin.pointee.abi_version) else {
            return .failure(Refusal.image(path, .otherABI(plugin.pointee.abi_version)))
        }
        if let words = plugin.pointee.problem {
            let name = plugin.pointee.name.map { String(cString: $0) } ?? "?"
            return .failure(Refusal.problem(path, library: name, String(cString: words)))
        }
        do throws(DescriptionError) {
            let description = try DescriptionReader.read(bytes(plugin))
            _ = try description.descriptors(digest: checked.digest)
            return .success(LoadedLibrary(checked, description, plugin))
        } catch {
            return .failure(Refusal.description(path, error.words))
        }
    }

    private static func bytes(_ plugin: UnsafePointer<evalhost_plugin>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: LoadLimits.descriptionBytes) { buffer, count in
            count = Int(ceval_describe(plugin, buffer.baseAddress, UInt64(buffer.count)))
        }
    }
}

/// The libraries of this process: each is loaded once, however many catalogs offer it, since none can be unloaded.
actor LoadedLibraries {
    static let shared = LoadedLibraries()
    private var loading: [Digest: Task<Result<LoadedLibrary, Diagnostic>, Never>] = [:]

    /// Loads a library, unless that was done before.
    ///
    /// - Throws: Why it can't be loaded; the next call tries again.
    func load(_ checked: CheckedLibrary, deadline: Duration) async throws(Diagnostic) -> LoadedLibrary {
        let task =
            loading[checked.digest]
            ?? Task {
                do throws(Diagnostic) {
                    return .success(try await LoadedLibrary.load(checked, deadline: deadline))
                } catch {
                    return .failure(error)
                }
            }
        loading[checked.digest] = task
        let result = await task.value
        if case .failure = result { loading[checked.digest] = nil }
        return try result.get()
    }

    /// The library of a digest, if it was loaded.
    func library(_ digest: Digest) async -> LoadedLibrary? { try? await loading[digest]?.value.get() }
}
