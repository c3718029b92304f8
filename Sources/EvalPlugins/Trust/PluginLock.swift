// plugins.lock: which libraries a person trusts, and what with. It lies beside the suite, never among the plugins.

public import EvalCore
public import EvalJSON
internal import Foundation

/// The libraries that a person trusts.
public struct PluginLock: Sendable, Equatable {
    /// A trusted library.
    public struct Entry: Sendable, Equatable {
        /// The library's name: its file's, without `.so`.
        public var library: String
        /// Its version, for people.
        public var version: String
        /// SHA-256 of its bytes: another file of that name isn't trusted.
        public var digest: Digest
        /// SHA-256 of the library that a manifest binds; nil for a plugin.
        public var libraryDigest: Digest?
        /// Where it runs.
        public var isolation: PluginIsolation
        /// What it may do beyond computing.
        public var permissions: [PluginPermission]

        /// Trusts a library.
        public init(
            library: String,
            version: String,
            digest: Digest,
            libraryDigest: Digest? = nil,
            isolation: PluginIsolation = .process,
            permissions: [PluginPermission] = []
        ) {
            self.library = library
            self.version = version
            self.digest = digest
            self.libraryDigest = libraryDigest
            self.isolation = isolation
            self.permissions = permissions
        }
    }

    /// The file, for messages.
    public var path: String
    /// The libraries, sorted by name.
    public private(set) var entries: [Entry]

    /// An empty lock.
    public init(path: String) {
        self.path = path
        entries = []
    }

    /// The entry of a library by its name.
    public func entry(of library: String) -> Entry? { entries.first { $0.library == library } }

    /// The name under which a lock has a library or a manifest: its file's, without folder and ending.
    public static func name(ofFile path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let ending = [".so", PluginFile.manifestSuffix].first { file.hasSuffix($0) } ?? ""
        return String(file.dropLast(ending.count))
    }

    /// Trusts a library, instead of what was said of it before.
    public mutating func trust(_ entry: Entry) {
        untrust(entry.library)
        entries.append(entry)
        entries.sort { $0.library < $1.library }
    }

    /// Trusts a library no more.
    ///
    /// - Returns: Whether it was trusted.
    @discardableResult
    public mutating func untrust(_ library: String) -> Bool {
        let count = entries.count
        entries.removeAll { $0.library == library }
        return entries.count < count
    }
}

extension PluginLock {
    /// Reads a lock; nil if there is no such file.
    ///
    /// - Throws: What is wrong in it.
    public static func read(_ path: String) throws(Diagnostic) -> PluginLock? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Diagnostic("the lock can't be read", at: .init(file: path))
        }
        do throws(Diagnostic) {
            return try PluginLock(path: path, json: parse(data))
        } catch {
            throw error.located(.init(file: path))
        }
    }

    private static func parse(_ data: Data) throws(Diagnostic) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: data)
        } catch {
            throw Diagnostic(
                error.description,
                help: "Restore it from your version control, or trust the libraries anew."
            )
        }
    }

    private init(path: String, json: JSON) throws(Diagnostic) {
        self.init(path: path)
        guard json["version"]?.integer == 1, let plugins = json["plugins"], plugins.kind == .object else {
            throw Diagnostic("this is no lock of version 1", help: "Trust the libraries anew with this evalhost.")
        }
        for (name, value) in plugins.members { trust(try Self.entry(String(name), value)) }
    }

    private static func entry(_ name: String, _ json: JSON) throws(Diagnostic) -> Entry {
        let known = ["version", "sha256", "library_sha256", "isolation", "permissions"]
        if let unknown = json.members.map({ String($0.key) }).first(where: { !known.contains($0) }) {
            throw Diagnostic(
                "'\(name)' has the unknown key '\(unknown)'",
                didYouMean: nearestWord(to: unknown, among: known)
            )
        }
        guard let digest = json["sha256"]?.string.flatMap({ Digest(hexadecimal: $0) }) else {
            throw Diagnostic("'\(name)' has no sha256 of 64 hexadecimal digits")
        }
        let libraryDigest = json["library_sha256"]?.string.flatMap { Digest(hexadecimal: $0) }
        guard json["library_sha256"] == nil || libraryDigest != nil else {
            throw Diagnostic("the library_sha256 of '\(name)' isn't 64 hexadecimal digits")
        }
        guard let isolation = PluginIsolation(rawValue: json["isolation"]?.string ?? "process") else {
            throw Diagnostic("the isolation of '\(name)' is neither process nor inprocess")
        }
        var permissions: [PluginPermission] = []
        for item in json["permissions"]?.elements.map({ $0 }) ?? [] {
            guard let text = item.string, let permission = PluginPermission(text) else {
                throw Diagnostic(
                    "'\(name)' has the permission \(item.serialized), which doesn't exist",
                    help: "There are network, read:PATH, write:PATH, device:PATH, threads:N and memory:SIZE."
                )
            }
            permissions.append(permission)
        }
        return Entry(
            library: name,
            version: json["version"]?.string ?? "",
            digest: digest,
            libraryDigest: libraryDigest,
            isolation: isolation,
            permissions: permissions
        )
    }

    /// Writes the lock beside its place, then into it.
    ///
    /// - Throws: Why it can't be written.
    public func write() throws(Diagnostic) {
        let plugins = entries.map { entry in
            (
                entry.library,
                JSON.object(
                    [("version", JSON(entry.version)), ("sha256", JSON(entry.digest.description))]
                        + (entry.libraryDigest.map { [("library_sha256", JSON($0.description))] } ?? [])
                        + [
                            ("isolation", JSON(entry.isolation.rawValue)),
                            ("permissions", .array(entry.permissions.map { JSON($0.description) })),
                        ]
                )
            )
        }
        let json: JSON = .object([("version", JSON(Int64(1))), ("plugins", .object(plugins))])
        do {
            try Data((json.pretty + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw Diagnostic("the lock can't be written: \(error.localizedDescription)", at: .init(file: path))
        }
    }
}

extension PluginLock {
    /// Checks a library against the lock.
    ///
    /// - Throws: In what it differs, and how to trust it.
    func check(_ library: CheckedLibrary, requiresTrust: Bool) throws(Diagnostic) -> Entry? {
        guard let entry = try find(library.path, "library", requiresTrust) else { return nil }
        try compare(entry.digest, library.digest, "library", entry, library.path)
        return entry
    }

    /// Checks a manifest and the library that it binds.
    ///
    /// - Throws: Which of the two differs, and how to trust it.
    func check(_ function: BoundFunction, requiresTrust: Bool) throws(Diagnostic) -> Entry? {
        let file = function.file.path
        guard let entry = try find(file, "manifest", requiresTrust) else { return nil }
        try compare(entry.digest, function.bound.manifestDigest, "manifest", entry, file)
        let library = "library \(function.bound.library) of this manifest"
        guard let trusted = entry.libraryDigest else { throw Self.untrusted(file, "manifest", path) }
        try compare(trusted, function.bound.libraryDigest, library, entry, file)
        guard entry.isolation == .process else {
            throw Diagnostic(
                "a bound function runs in worker processes only, and \(path) says inprocess",
                at: .init(file: file),
                help: "Run `evalhost plugin trust \(file)`."
            )
        }
        return entry
    }

    private func find(_ file: String, _ what: String, _ requiresTrust: Bool) throws(Diagnostic) -> Entry? {
        if let entry = entry(of: Self.name(ofFile: file)) { return entry }
        if requiresTrust { throw Self.untrusted(file, what, path) }
        return nil
    }

    private func compare(
        _ trusted: Digest,
        _ found: Digest,
        _ what: String,
        _ entry: Entry,
        _ file: String
    ) throws(Diagnostic) {
        guard trusted != found else { return }
        throw Diagnostic(
            "the \(what) is not the one that was trusted: \(path) has sha256 \(trusted.description.prefix(12))… "
                + "(version \(entry.version)), this one has \(found.description.prefix(12))…",
            at: .init(file: file),
            help: "Bring that file back, or look at this one and run `evalhost plugin trust \(file)`."
        )
    }

    private static func untrusted(_ file: String, _ what: String, _ path: String) -> Diagnostic {
        Diagnostic(
            "the \(what) is not trusted: \(path) has no entry for it",
            at: .init(file: file),
            help: "Look at it, then run `evalhost plugin trust \(file)`."
        )
    }
}
