// Where the SDK and the templates lie, and how a plugin's folder gets its copy.

public import EvalCore
internal import Foundation

/// What authors need: the templates, and the sources of the contract and of ScorerKit.
public struct PluginSDK: Sendable {
    /// The folder with the sources and the SDK's manifest: `Sources` of a checkout, `sdk` of an installation.
    public let sources: String
    /// The folder with a folder for each language.
    public let templates: String

    private static let parts = ["Package.swift", "CEvalHost", "ScorerKit"]

    /// Takes a folder: a checkout of evalhost, or `PREFIX/share/evalhost`.
    ///
    /// - Throws: What it lacks.
    public init(root: String) throws(Diagnostic) {
        let isInstalled = FileManager.default.fileExists(atPath: "\(root)/sdk")
        let folders = isInstalled ? ("sdk", "templates") : ("Sources", "Templates")
        sources = "\(root)/\(folders.0)"
        templates = "\(root)/\(folders.1)"
        for part in Self.parts.map({ "\(folders.0)/\($0)" })
            + PluginProject.Language.allCases.map({ "\(folders.1)/\($0)" })
        {
            guard FileManager.default.fileExists(atPath: "\(root)/\(part)") else {
                throw Diagnostic("there is no SDK for plugins here: \(part) is missing", at: .init(file: root))
            }
        }
    }

    /// Finds the SDK: `EVALHOST_SDK`, then beside the executable's `PREFIX/bin`, then the checkout it was built in.
    ///
    /// - Throws: Where it was looked for.
    public static func find(executable: String, environment: [String: String]) throws(Diagnostic) -> PluginSDK {
        if let root = environment["EVALHOST_SDK"] { return try PluginSDK(root: root) }
        var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().deletingLastPathComponent()
        let prefix = folder.deletingLastPathComponent().path
        var candidates = ["\(prefix)/share/evalhost"]
        while folder.path != "/" {
            candidates.append(folder.path)
            folder = folder.deletingLastPathComponent()
        }
        for candidate in candidates {
            if let found = try? PluginSDK(root: candidate) { return found }
        }
        throw Diagnostic(
            "the SDK for plugins isn't installed",
            category: .unavailable,
            help: "It belongs to \(candidates[0]); EVALHOST_SDK names another place."
        )
    }

    /// Makes `Vendor/EvalHostSDK` in a plugin's folder, unless it is there.
    func vendor(into folder: String) throws(Diagnostic) {
        let target = "\(folder)/Vendor/EvalHostSDK"
        let manager = FileManager.default
        if manager.fileExists(atPath: "\(target)/Package.swift") { return }
        do {
            try manager.createDirectory(atPath: target, withIntermediateDirectories: true)
            for part in Self.parts where !manager.fileExists(atPath: "\(target)/\(part)") {
                try manager.copyItem(atPath: "\(sources)/\(part)", toPath: "\(target)/\(part)")
            }
        } catch {
            throw Diagnostic("the SDK can't be copied: \(error.localizedDescription)", at: .init(file: target))
        }
    }
}
