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
    /// What it is written in.
    public let language: Language

    /// The library that `build` makes.
    public var library: String { "\(folder)/\(name).so" }

    /// Recognises a folder: `Package.swift` makes it Swift, else `*.cpp` C++, else `*.c` C.
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
        } else {
            throw Diagnostic(
                "there is no plugin's source in this folder",
                at: .init(file: folder),
                help: "`evalhost plugin new --language c NAME` makes a folder that builds."
            )
        }
        try Self.check(name, at: folder)
    }

    /// Makes a folder from a template.
    ///
    /// - Parameters:
    ///   - name: The library's and the scorer's name; the folder's too.
    ///   - language: What it is to be written in; there is a template for C and for Swift.
    ///   - parent: The folder in which it is made.
    ///   - sdk: The templates.
    /// - Returns: The new folder.
    /// - Throws: Why it can't be made; nothing that exists is written over.
    public static func create(
        _ name: String,
        language: Language,
        in parent: String,
        sdk: PluginSDK
    ) throws(Diagnostic) -> PluginProject {
        try check(name, at: nil)
        guard language != .cpp else {
            throw Diagnostic(
                "there is no template for C++ yet",
                help: "Begin with --language c, name the file NAME.cpp and include <evalhost/scorer.hpp>."
            )
        }
        let folder = "\(parent)/\(name)"
        let manager = FileManager.default
        guard !manager.fileExists(atPath: folder) else {
            throw Diagnostic("it exists already", at: .init(file: folder), help: "Choose another name, or remove it.")
        }
        do {
            let template = "\(sdk.templates)/\(language.rawValue)"
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
        try sdk.vendor(into: folder)
        return try PluginProject(folder: folder)
    }

    private static func filled(_ text: String, _ name: String) -> String {
        let type = name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        return text.replacingOccurrences(of: "__NAME__", with: name).replacingOccurrences(of: "__TYPE__", with: type)
    }

    private static func check(_ name: String, at folder: String?) throws(Diagnostic) {
        let isName =
            name.utf8.count <= 63 && name.first?.isLetter == true
            && name.utf8.allSatisfy { ($0 >= 0x61 && $0 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F }
        guard isName else {
            throw Diagnostic(
                "'\(name)' can't be a plugin's name",
                at: .init(file: folder),
                help: "Use lower-case letters, digits and underscores, a letter first, at most 63."
            )
        }
        // The name is an identifier in the source, beside the template's own.
        guard !takenWords.contains(name) else {
            throw Diagnostic("'\(name)' means something else in the source of a plugin", help: "Choose another name.")
        }
    }

    private static let takenWords = Set(
        """
        auto break case char const continue default do double else enum extern float for goto if inline int long register \
        restrict return short signed sizeof static struct switch typedef union unsigned void volatile while asm bool class \
        catch delete false friend func guard import in init internal is let mutable namespace new nil operator private \
        protocol public rethrow self super this throw throws true try using var virtual where \
        create destroy score settings instance folded main entry free malloc calloc realloc abort exit memcpy memcmp strlen \
        swift plugin
        """
        .split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)
    )
}
