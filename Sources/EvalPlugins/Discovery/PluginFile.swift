// Where plugins lie: `DIR/*.so`, `DIR/*.scorer.yaml` and `DIR/NAME/NAME.so`. Only names are looked at here; no file is opened.

public import EvalCore
internal import Foundation

/// A file that may be a plugin.
public struct PluginFile: Sendable, Hashable {
    /// The path as the person would write it: the folder as given, then the name.
    public let path: String

    /// Names a file.
    public init(path: String) { self.path = path }

    /// The file's name.
    public var name: String { String(path.split(separator: "/").last ?? "") }

    /// The candidates of a folder, sorted by the bytes of their paths.
    ///
    /// - Parameter folder: A folder; what begins with a dot and what lies deeper than `NAME/NAME.so` is not looked at.
    /// - Returns: The candidates.
    /// - Throws: Why the folder can't be read.
    public static func candidates(in folder: String) throws(Diagnostic) -> [PluginFile] {
        let root = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: root)
        } catch {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: root, isDirectory: &isFolder)
            let reason = isFolder.boolValue ? "you may not read it" : isThere ? "it is a file" : "it isn't there"
            throw Diagnostic(
                "the plugin folder can't be read: \(reason)",
                at: .init(file: folder),
                help: "--plugins names a folder that has libraries (*.so) or manifests (*.scorer.yaml) in it."
            )
        }
        var found: [PluginFile] = []
        for name in names where !name.hasPrefix(".") {
            let path = root == "/" ? "/\(name)" : "\(root)/\(name)"
            if name.hasSuffix(".so") || name.hasSuffix(manifestSuffix) {
                found.append(PluginFile(path: path))
            } else if FileManager.default.fileExists(atPath: "\(path)/\(name).so") {
                found.append(PluginFile(path: "\(path)/\(name).so"))
            }
        }
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

}
