// Files of runs and models in a folder of the server. It walks from name to name without following links, so that no
// path leaves the folder, whatever is in it; a file appears whole or not at all.

internal import Dispatch
internal import EvalCore
internal import Foundation

/// A file or a folder in a list.
struct ArtifactEntry: Sendable, Equatable {
    var name: String
    var isFolder: Bool
    /// The size in bytes; nil for a folder.
    var bytes: Int64?
}

/// The folder of all artifacts.
struct ArtifactFolder: Sendable {
    /// Where the folder is.
    let root: String
    private static let queue = DispatchQueue(label: "evalhost.artifacts", attributes: .concurrent)

    /// Names a folder, which is made when the first file comes.
    init(root: String) { self.root = root }

    /// Begins a file; what was there stays until the new one is whole.
    func upload(to path: ArtifactPath) throws -> ArtifactUpload {
        guard let name = path.parts.last else { throw APIError.invalid("Invalid path: it names no file.") }
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        guard let folder = try open(path.parts.dropLast(), makes: true) else { throw Self.failure("making a folder") }
        return try ArtifactUpload.begin(in: folder, name: name)
    }

    /// The place and size of a file.
    ///
    /// - Throws: `missing`, also for a folder and for a link.
    func file(_ path: ArtifactPath) throws -> (path: String, bytes: Int64) {
        guard let name = path.parts.last, let folder = try open(path.parts.dropLast(), makes: false) else {
            throw Self.missing(path)
        }
        defer { close(folder) }
        guard let status = Self.status(folder, name), status.st_mode & S_IFMT == S_IFREG else {
            throw Self.missing(path)
        }
        return ("\(root)/\(path.text)", Int64(status.st_size))
    }

    /// What is in a folder, by name; nothing where there is no such folder.
    func list(_ path: ArtifactPath) throws -> [ArtifactEntry] {
        guard let folder = try open(path.parts[...], makes: false) else { return [] }
        guard let stream = fdopendir(folder) else {
            close(folder)
            throw Self.failure("reading a folder")
        }
        defer { closedir(stream) }
        var entries: [ArtifactEntry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != "..", !name.hasPrefix(ArtifactPath.uploadPrefix),
                let status = Self.status(folder, name)
            else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG: entries.append(ArtifactEntry(name: name, isFolder: false, bytes: Int64(status.st_size)))
            case S_IFDIR: entries.append(ArtifactEntry(name: name, isFolder: true))
            // A link or a device is nothing that came through us.
            default: break
            }
        }
        return entries.sorted { $0.name < $1.name }
    }

    /// Deletes a file, or a folder with all that is in it; what isn't there is no error.
    func delete(_ path: ArtifactPath) throws {
        guard !path.parts.isEmpty else { throw APIError.invalid("Invalid path: it names the folder of all artifacts.") }
        guard let name = path.parts.last, let folder = try open(path.parts.dropLast(), makes: false) else { return }
        defer { close(folder) }
        guard let status = Self.status(folder, name) else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            try FileManager.default.removeItem(atPath: "\(root)/\(path.text)")
        } else if unlinkat(folder, name, 0) != 0 {
            throw Self.failure("deleting a file")
        }
    }

    /// Does work that waits for the disk without holding a thread of Swift's pool.
    static func onDisk<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    /// Opens a folder name by name; nil where it isn't there.
    private func open(_ parts: ArraySlice<String>, makes: Bool) throws -> Int32? {
        var folder = Foundation.open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        for part in parts {
            if makes, mkdirat(folder, part, 0o777) != 0, errno != EEXIST {
                close(folder)
                throw Self.failure("making a folder")
            }
            let next = openat(folder, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            let code = errno
            close(folder)
            guard next >= 0 else {
                if makes || ![ENOENT, ENOTDIR, ELOOP].contains(code) { throw Self.failure("opening a folder", code) }
                return nil
            }
            folder = next
        }
        return folder
    }

    private static func status(_ folder: Int32, _ name: String) -> stat? {
        var status = stat()
        return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    private static func missing(_ path: ArtifactPath) -> APIError { .missing("No such artifact: '\(path.text)'.") }

    /// A refusal for what the system said.
    static func failure(_ doing: String, _ code: Int32 = errno) -> APIError {
        switch code {
        case ENOTDIR, EISDIR, ELOOP, EEXIST, ENOTEMPTY:
            .invalid("Invalid path: a file stands where a folder is meant, or a folder where a file is.")
        case ENAMETOOLONG: .invalid("Invalid path: it is too long.")
        case ENOSPC, EDQUOT:
            APIError(.temporarilyUnavailable, "The disk with the artifacts is full; free some space, then try again.")
        default:
            APIError(.internalError, "\(doing) of the artifacts failed: \(String(cString: strerror(code))).")
        }
    }
}
