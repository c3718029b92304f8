// A file that comes piece by piece: it is written beside its place under a name of our own, and takes its place when it
// is whole and on the disk.

internal import Foundation

/// A file on its way.
final class ArtifactUpload {
    private let folder: Int32
    private let name: String
    private let ownName: String
    private var file: Int32

    /// Begins a file in an open folder, which the upload closes.
    static func begin(in folder: Int32, name: String) throws -> ArtifactUpload {
        let ownName = ArtifactPath.uploadPrefix + UUID().uuidString
        let file = openat(folder, ownName, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard file >= 0 else {
            let failure = ArtifactFolder.failure("writing")
            close(folder)
            throw failure
        }
        return ArtifactUpload(folder: folder, name: name, ownName: ownName, file: file)
    }

    private init(folder: Int32, name: String, ownName: String, file: Int32) {
        self.folder = folder
        self.name = name
        self.ownName = ownName
        self.file = file
    }

    /// Writes the next piece.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let start = rest.baseAddress, rest.count > 0 {
            let written = Foundation.write(file, start, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw ArtifactFolder.failure("writing")
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
        }
    }

    /// Puts the file in its place, from where it replaces what was there.
    func finish() throws {
        guard fsync(file) == 0 else { throw ArtifactFolder.failure("writing") }
        guard renameat(folder, ownName, folder, name) == 0 else { throw ArtifactFolder.failure("writing") }
        close(file)
        file = -1
        fsync(folder)
    }

    deinit {
        // What didn't become whole leaves nothing.
        if file >= 0 {
            close(file)
            unlinkat(folder, ownName, 0)
        }
        close(folder)
    }
}
