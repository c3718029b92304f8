// Opens a candidate, checks it, and keeps a sealed copy: what was checked is what the loader will map.

internal import CEvalSandbox
internal import EvalCore
internal import EvalJSON
internal import Foundation

/// What tells whether a file has changed since it was last looked at.
struct FileIdentity: Equatable, Sendable {
    let device: UInt64
    let inode: UInt64
    let bytes: Int64
    let modifiedNanoseconds: Int64
    let changedNanoseconds: Int64

    fileprivate init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        bytes = Int64(status.st_size)
        modifiedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        changedNanoseconds = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    }

    init(words: [Int64]) {
        device = UInt64(bitPattern: words[0])
        inode = UInt64(bitPattern: words[1])
        bytes = words[2]
        modifiedNanoseconds = words[3]
        changedNanoseconds = words[4]
    }

    var words: [Int64] {
        [Int64(bitPattern: device), Int64(bitPattern: inode), bytes, modifiedNanoseconds, changedNanoseconds]
    }
}

/// A candidate that is open and whose kind, owner and mode are right; nothing of its content was read.
final class OpenedFile {
    let path: String
    let identity: FileIdentity
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// A link is followed to its end; a FIFO doesn't block, since it is opened without waiting.
    init(path: String) throws(Diagnostic) {
        self.path = path
        guard let resolved = Self.resolve(path) else {
            throw errno == ENOENT ? Refusal.missing(path) : Refusal.unreadable(path, Self.reason())
        }
        let descriptor = open(resolved, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENXIO ? Refusal.notRegular(path, "a socket") : Refusal.unreadable(path, Self.reason())
        }
        self.descriptor = descriptor
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            identity = FileIdentity(status)
            throw Refusal.unreadable(path, Self.reason())
        }
        identity = FileIdentity(status)
        try Self.check(status, path: path, resolved: resolved)
    }

    deinit { close(descriptor) }

    private static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    fileprivate static func reason() -> String { String(cString: strerror(errno)).lowercased() }

    private static func check(_ status: stat, path: String, resolved: String) throws(Diagnostic) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw Refusal.notRegular(path, "a folder")
        case S_IFIFO: throw Refusal.notRegular(path, "a FIFO")
        default: throw Refusal.notRegular(path, "a device")
        }
        // Root may run anybody's library, as it may run anybody's program; workers drop root first.
        guard status.st_uid == 0 || status.st_uid == geteuid() || geteuid() == 0 else {
            throw Refusal.foreignOwner(path, owner: status.st_uid)
        }
        guard status.st_mode & S_IWOTH == 0 else { throw Refusal.writable(path) }
        guard status.st_size <= LoadLimits.fileBytes else { throw Refusal.tooLarge(path, bytes: Int(status.st_size)) }
        let folder = String(resolved[..<(resolved.lastIndex(of: "/") ?? resolved.startIndex)])
        var folderStatus = stat()
        guard stat(folder.isEmpty ? "/" : folder, &folderStatus) == 0 else {
            throw Refusal.unreadable(path, reason())
        }
        guard folderStatus.st_mode & S_IWOTH == 0 else { throw Refusal.folderWritable(path, folder: folder) }
    }

    /// Copies the file into sealed memory and checks that; likewise the libraries that it needs and that lie beside it.
    func checked(isPlugin: Bool = true, withBeside: Bool = true) throws(Diagnostic) -> CheckedLibrary {
        let library = try sealedCopy(isPlugin: isPlugin)
        var seen: Set<String> = []
        if withBeside { library.beside = try Self.beside(library, seen: &seen) }
        return library
    }

    /// The bytes of a small file.
    func contents(limit: Int) throws(Diagnostic) -> [UInt8] {
        let size = Int(identity.bytes)
        guard size <= limit else {
            throw Diagnostic("it has \(size) bytes, more than the \(limit) that are allowed", at: .init(file: path))
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var at = 0
        while at < size {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress.map { $0 + at }, size - at, at)
            }
            guard count > 0 else { throw Refusal.unreadable(path, count < 0 ? Self.reason() : "it was cut meanwhile") }
            at += count
        }
        return bytes
    }

    private func sealedCopy(isPlugin: Bool) throws(Diagnostic) -> CheckedLibrary {
        let size = Int(identity.bytes)
        guard size > 0 else { throw Refusal.image(path, .notELF) }
        let sealed = ceval_sealed_copy(descriptor, path, size)
        guard sealed >= 0 else { throw Refusal.unreadable(path, String(cString: strerror(-sealed)).lowercased()) }
        return try CheckedLibrary(path: path, identity: identity, sealed: sealed, isPlugin: isPlugin)
    }

    /// The needed libraries that lie in the same folder, in the order in which they must be loaded.
    private static func beside(
        _ library: CheckedLibrary,
        seen: inout Set<String>
    ) throws(Diagnostic) -> [CheckedLibrary] {
        var list: [CheckedLibrary] = []
        for name in library.needed where !name.contains("/") && !seen.contains(name) {
            let path = "\(library.folder)/\(name)"
            guard access(path, F_OK) == 0 else { continue }
            seen.insert(name)
            guard seen.count <= LoadLimits.besideLibraries else {
                throw Diagnostic(
                    "the library needs more than \(LoadLimits.besideLibraries) files beside it",
                    at: .init(file: library.path)
                )
            }
            let needed = try OpenedFile(path: path).sealedCopy(isPlugin: false)
            list += try beside(needed, seen: &seen)
            list.append(needed)
        }
        return list
    }
}

/// A library that passed every check that can be made without running it.
final class CheckedLibrary: @unchecked Sendable {
    let path: String
    let identity: FileIdentity
    let digest: Digest
    /// The libraries that it needs.
    let needed: [String]
    /// What the loader opens; from the first call on this value lives for ever.
    ///
    /// The loader knows libraries by this name: if the descriptor were closed and its number used again, the next
    /// library would turn out to be this one.
    func loaderPath() -> String {
        _ = Unmanaged.passRetained(self)
        return "/proc/self/fd/\(sealed)"
    }
    private let sealed: Int32
    /// The sealed copy.
    var descriptor: Int32 { sealed }
    /// The folder `assets` beside it, as a descriptor; negative if there is none.
    let assets: Int32
    /// The libraries beside it that it needs; set once, before anybody else has this value.
    fileprivate(set) var beside: [CheckedLibrary] = []

    /// The folder that it lies in.
    let folder: String
    /// The file's name.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Calls a function with all its bytes.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        let size = Int(identity.bytes)
        guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, sealed, 0), memory != MAP_FAILED else { return nil }
        defer { munmap(memory, size) }
        return body(UnsafeRawBufferPointer(start: memory, count: size))
    }

    fileprivate init(
        path: String,
        identity: FileIdentity,
        sealed: Int32,
        isPlugin: Bool
    ) throws(Diagnostic) {
        self.path = path
        self.identity = identity
        self.sealed = sealed
        folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]) : "."
        assets = isPlugin ? open("\(folder)/assets", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1
        let size = Int(identity.bytes)
        guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, sealed, 0), memory != MAP_FAILED else {
            throw Refusal.unreadable(path, OpenedFile.reason())
        }
        defer { munmap(memory, size) }
        let bytes = UnsafeRawBufferPointer(start: memory, count: size)
        do throws(ELFImage.Problem) {
            needed = try ELFImage(bytes, isPlugin: isPlugin).needed
        } catch {
            throw Refusal.image(path, error)
        }
        var builder = DigestBuilder()
        builder.update(bytes)
        digest = builder.finish()
    }

    deinit {
        close(sealed)
        if assets >= 0 { close(assets) }
    }
}
