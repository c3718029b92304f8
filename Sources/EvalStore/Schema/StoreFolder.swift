// The folder of the store: it holds users' text, so that nobody else may look in and nobody commits it by accident.

public import EvalCore
internal import Foundation

/// The folder in which a store lives.
public enum StoreFolder {
    /// The folder's name where nobody chose another place.
    public static let name = ".evalhost"

    /// Makes the folder of a file if it is called `.evalhost` and is missing: mode 0700, and git ignores what is in it.
    ///
    /// A folder of another name must be there; whoever named it decided where text may go.
    ///
    /// - Throws: What is in the way, as `unavailable`.
    public static func prepare(for path: String) throws(Diagnostic) {
        let file = URL(fileURLWithPath: path)
        let folder = file.deletingLastPathComponent()
        let manager = FileManager.default
        var isFolder = ObjCBool(false)
        if manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            throw Diagnostic(
                "the store is a folder, not a file",
                category: .unavailable,
                at: .init(file: path),
                help: "Name a file in it, such as \(path)/evalhost.db."
            )
        }
        if manager.fileExists(atPath: folder.path, isDirectory: &isFolder) {
            guard isFolder.boolValue else { throw unusable(folder.path, "it is a file where a folder should be") }
            return
        }
        guard folder.lastPathComponent == name else { throw unusable(folder.path, "there is no such folder") }
        do {
            try manager.createDirectory(
                at: folder,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            try Data("*\n".utf8).write(to: folder.appendingPathComponent(".gitignore"))
        } catch {
            // Another process may have made it in the meantime.
            if manager.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue { return }
            throw unusable(folder.path, "it can't be made (\((error as NSError).localizedDescription))")
        }
    }

    private static func unusable(_ path: String, _ why: String) -> Diagnostic {
        Diagnostic(
            "the store's folder can't be used: \(why)",
            category: .unavailable,
            at: .init(file: path),
            help: "Make the folder, or name another store with --store."
        )
    }
}
