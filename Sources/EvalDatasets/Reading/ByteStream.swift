// Bytes from a file or from standard input, read off Swift's cooperative threads; gzip is inflated on the way.

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
    private let encoding = Mutex(Encoding.unknown)

    private enum Encoding: ~Copyable {
        case unknown
        case plain
        case gzip(GzipStream)
    }

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
        do throws(Diagnostic) {
            return try encoding.withLock { encoding throws(Diagnostic) in
                let state = consume encoding
                encoding = .plain
                switch consume state {
                case .plain:
                    return try raw(into: &buffer, from: start)
                case .unknown:
                    let got = try beginning(into: &buffer, from: start)
                    guard buffer[start..<start + got].starts(with: GzipStream.magic) else { return got }
                    var gzip = try GzipStream(Array(buffer[start..<start + got]))
                    let count = try gzip.inflate(into: &buffer, from: start, reading: piece)
                    encoding = .gzip(gzip)
                    return count
                case .gzip(var gzip):
                    let count = try gzip.inflate(into: &buffer, from: start, reading: piece)
                    encoding = .gzip(gzip)
                    return count
                }
            }
        } catch {
            throw error.located(.init(file: name))
        }
    }

    /// Reads the whole rest.
    func readAll(limit: Int, help: String) throws(Diagnostic) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var filled = 0
        while true {
            let got = try read(into: &bytes, from: filled)
            if got == 0 { break }
            filled += got
            if filled > limit { throw Diagnostic(help, at: .init(file: name)) }
            if filled == bytes.count { bytes.append(contentsOf: [UInt8](repeating: 0, count: filled)) }
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// The first bytes, two at least where there are two: a pipe may bring them one by one.
    private func beginning(into buffer: inout [UInt8], from start: Int) throws(Diagnostic) -> Int {
        let first = try raw(into: &buffer, from: start)
        guard first == 1, start + 1 < buffer.count, buffer[start] == GzipStream.magic[0] else { return first }
        return first + (try raw(into: &buffer, from: start + 1))
    }

    private func piece() throws(Diagnostic) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let got = try raw(into: &bytes, from: 0)
        bytes.removeLast(bytes.count - got)
        return bytes
    }

    private func raw(into buffer: inout [UInt8], from start: Int) throws(Diagnostic) -> Int {
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
