// A file that a command writes: beside its place and then renamed, so that a reader never sees half of it.

internal import EvalCore
internal import EvalDatasets
internal import Foundation

/// A file under way.
final class OutputFile {
    private let handle: FileHandle
    private let path: String
    private let place: String
    private let temporary: String
    private let isReplaced: Bool
    private var failure: String?
    private var isFinished = false

    /// Begins a file.
    ///
    /// A link stays one; a device or a pipe is written to, never replaced.
    ///
    /// - Throws: Why it can't be written.
    init(_ path: String) throws(Diagnostic) {
        self.path = path
        let isDevice = path.hasPrefix("/dev/")
        place = isDevice ? path : URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let isNew = !FileManager.default.fileExists(atPath: place)
        isReplaced = !isDevice && (isNew || DataFile.isRegular(place))
        temporary = isReplaced ? place + ".\(getpid()).tmp" : place
        guard !isReplaced || FileManager.default.createFile(atPath: temporary, contents: nil),
            let handle = FileHandle(forWritingAtPath: temporary)
        else {
            throw Diagnostic("it can't be written: \(String(cString: strerror(errno)))", at: .init(file: path))
        }
        self.handle = handle
    }

    /// Adds bytes; what goes wrong is told by ``finish()``.
    func write(_ bytes: some Sequence<UInt8>) {
        guard failure == nil else { return }
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            failure = error.localizedDescription
        }
    }

    /// Puts the file into its place.
    ///
    /// - Throws: Why it isn't there whole.
    func finish() throws(Diagnostic) {
        isFinished = true
        try? handle.close()
        if failure == nil, isReplaced, rename(temporary, place) != 0 { failure = String(cString: strerror(errno)) }
        guard let failure else { return }
        if isReplaced { unlink(temporary) }
        throw Diagnostic("it can't be written: \(failure)", category: .unavailable, at: .init(file: path))
    }

    deinit {
        guard !isFinished else { return }
        try? handle.close()
        if isReplaced { unlink(temporary) }
    }
}
