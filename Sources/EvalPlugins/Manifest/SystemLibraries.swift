// Where the loader would find a library of the system by its name.

internal import EvalCore
internal import Foundation

/// Finds libraries by name, such as `libz.so.1`.
enum SystemLibraries {
    /// Folders that a sandboxed worker may read; the loader's configuration may add folders below them.
    private static let roots = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"]

    #if arch(x86_64)
    private static let triple = "x86_64-linux-gnu"
    #else
    private static let triple = "aarch64-linux-gnu"
    #endif

    /// The folders, in the order in which they are searched.
    static let folders: [String] = {
        var folders: [String] = []
        var files = ["/etc/ld.so.conf"]
        let manager = FileManager.default
        files += ((try? manager.contentsOfDirectory(atPath: "/etc/ld.so.conf.d")) ?? []).sorted()
            .filter { $0.hasSuffix(".conf") }.map { "/etc/ld.so.conf.d/\($0)" }
        for file in files {
            for line in (try? String(contentsOfFile: file, encoding: .utf8))?.split(separator: "\n") ?? [] {
                let path = line.prefix { $0 != "#" }.split(separator: " ").first.map(String.init) ?? ""
                if roots.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) { folders.append(path) }
            }
        }
        folders += [
            "/lib/\(triple)", "/usr/lib/\(triple)", "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib",
        ]
        var seen: Set<String> = []
        return folders.filter { seen.insert($0).inserted && manager.fileExists(atPath: $0) }
    }()

    /// The path of a library; nil if there is none of that name.
    static func find(_ name: String) -> String? {
        folders.lazy.map { "\($0)/\(name)" }.first { FileManager.default.fileExists(atPath: $0) }
    }

    /// Names that begin like one that isn't there: the same library in another version.
    static func similar(to name: String) -> [String] {
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        var names: Set<String> = []
        for folder in folders {
            for file in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            where file.hasPrefix(stem + ".so") || file.hasPrefix("lib\(stem).so") {
                names.insert(file)
            }
        }
        // Those with a version are the libraries; the others are for linking.
        return names.sorted { ($0.hasSuffix(".so") ? 1 : 0, $0) < ($1.hasSuffix(".so") ? 1 : 0, $1) }
    }
}
