// A plugin's folder: made from a template, recognised by what lies in it.

public import EvalCore
internal import Foundation

/// The folder in which an author works.
public struct PluginProject: Sendable {
    /// What a plugin is written in.
    public enum Language: String, Sendable, CaseIterable {
        case c
        case cpp
        case swift
    }

    /// The folder.
    public let folder: String
    /// The library's name: the folder's.
    public let name: String
    /// What it is written in; nil if it is something that `build` doesn't build.
    public let language: Language?

    /// The library that `build` makes.
    public var library: String { "\(folder)/\(name).so" }

    /// Recognises a folder: `Package.swift` makes it Swift, else `*.cpp` C++, else `*.c` C.
    ///
    /// A folder with golden rows and none of these is of another language, whose tools make the library.
    ///
    /// - Throws: Why it is no plugin's folder.
    public init(folder: String) throws(Diagnostic) {
        let path = URL(fileURLWithPath: folder).standardizedFileURL.path
        self.folder = path
        name = String(path.split(separator: "/").last ?? "")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        if names.contains("Package.swift") {
            language = .swift
        } else if names.contains(where: { $0.hasSuffix(".cpp") }) {
            language = .cpp
        } else if names.contains(where: { $0.hasSuffix(".c") }) {
            language = .c
        } else if names.contains("tests") {
            language = nil
        } else {
            throw Diagnostic(
                "there is no plugin's source in this folder",
                at: .init(file: folder),
                help: "`evalhost plugin new --language c NAME` makes a folder that builds."
            )
        }
        try PluginName.check(name, at: folder)
    }

    /// Makes a folder from a template.
    ///
    /// - Parameters:
    ///   - name: The library's and the scorer's name; the folder's too.
    ///   - language: What it is to be written in.
    ///   - parent: The folder in which it is made, which is there.
    ///   - sdk: The templates.
    /// - Returns: The new folder.
    /// - Throws: Why it can't be made; nothing that exists is written over.
    public static func create(
        _ name: String,
        language: Language,
        in parent: String,
        sdk: PluginSDK
    ) throws(Diagnostic) -> PluginProject {
        try PluginName.checkFresh(name, language: language)
        let folder = "\(parent)/\(name)"
        try checkPlace(folder, in: parent)
        // Made beside its place and renamed: what fails on the way leaves nothing.
        let fresh = "\(parent)/.\(name).new.\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: fresh) }
        try fill(fresh, from: "\(sdk.templates)/\(language.rawValue)", name)
        try sdk.vendor(into: fresh)
        guard rename(fresh, folder) == 0 else {
            throw Diagnostic("the folder can't be made: \(String(cString: strerror(errno)))", at: .init(file: folder))
        }
        return try PluginProject(folder: folder)
    }

    /// Checks that a folder can be made where there is none.
    private static func checkPlace(_ folder: String, in parent: String) throws(Diagnostic) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: parent, isDirectory: &isFolder), isFolder.boolValue else {
            throw Diagnostic("there is no such folder", at: .init(file: parent), help: "`--in` names one that exists.")
        }
        var status = stat()
        guard lstat(folder, &status) != 0 else {
            throw Diagnostic("it exists already", at: .init(file: folder), help: "Choose another name, or remove it.")
        }
        guard access(parent, W_OK | X_OK) == 0 else {
            throw Diagnostic("you may not write to this folder", at: .init(file: parent), help: "`--in` names another.")
        }
    }

    /// Copies a template, with the name in the place of `__NAME__` and its type in that of `__TYPE__`.
    private static func fill(_ folder: String, from template: String, _ name: String) throws(Diagnostic) {
        let manager = FileManager.default
        do {
            for path in try manager.subpathsOfDirectory(atPath: template) {
                var isFolder: ObjCBool = false
                _ = manager.fileExists(atPath: "\(template)/\(path)", isDirectory: &isFolder)
                if isFolder.boolValue { continue }
                let target = "\(folder)/\(filled(path, name))"
                try manager.createDirectory(
                    atPath: URL(fileURLWithPath: target).deletingLastPathComponent().path,
                    withIntermediateDirectories: true
                )
                let text = try String(contentsOfFile: "\(template)/\(path)", encoding: .utf8)
                try filled(text, name).write(toFile: target, atomically: true, encoding: .utf8)
            }
        } catch {
            throw Diagnostic("the folder can't be made: \(error.localizedDescription)", at: .init(file: folder))
        }
    }

    private static func filled(_ text: String, _ name: String) -> String {
        text.replacingOccurrences(of: "__NAME__", with: name)
            .replacingOccurrences(of: "__TYPE__", with: PluginName.typeName(name))
    }
}
