// Bytes from a file or from standard input, read off Swift's cooperative threads.

internal import Dispatch
internal import EvalCore
internal import Foundation
internal import Synchronization

/// An open file that is read from its beginning to its end.
///
/// `read` blocks; it is called on a queue of the stream's own.
final class ByteStream: Sendable {
    let name: String
    private let handle: FileHandle
    private let queue: DispatchQueue

    /// Opens a file, or standard input for `-`.
    init(path: String) throws(Diagnostic) {
        name = path == "-" ? "standard input" : path
        queue = DispatchQueue(label: "evalhost.read")
        if path == "-" {
            handle = .standardInput
            return
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Diagnostic(
                "there is no such file",
                at: .init(file: path),
                didYouMean: Self.neighbour(of: path)
            )
        }
        guard !isFolder.boolValue else {
            throw Diagnostic("this is a folder, not a file of rows", at: .init(file: path))
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            let reason = String(cString: strerror(errno))
            throw Diagnostic("the file can't be read: \(reason)", at: .init(file: path))
        }
        self.handle = handle
    }

    /// Runs blocking work in the stream's queue.
    func perform<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }

    /// Reads some more bytes into `buffer` from `start` on; 0 at the end of the file.
    ///
    /// It blocks.
    func read(into buffer: inout [UInt8], from start: Int) throws(Diagnostic) -> Int {
        let descriptor = handle.fileDescriptor
        let room = buffer.count - start
        var got = 0
        var failure: Int32 = 0
        repeat {
            got = buffer.withUnsafeMutableBytes { bytes in
                Foundation.read(descriptor, bytes.baseAddress.map { $0 + start }, room)
            }
            failure = errno
        } while got < 0 && failure == EINTR
        guard got >= 0 else {
            let reason = String(cString: strerror(failure))
            throw Diagnostic("reading failed: \(reason)", at: .init(file: name))
        }
        return got
    }

    private static func neighbour(of path: String) -> String? {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard let nearest = nearestWord(to: url.lastPathComponent, among: names) else { return nil }
        let prefix = path.dropLast(url.lastPathComponent.count)
        return prefix + nearest
    }
}
