// Where an artifact is within the folder of all artifacts. A path that could mean a place outside of it, now or after
// somebody decodes it once more, is no path.

internal import Foundation

/// A place within the folder of artifacts: names from the top to the bottom, none of which leads elsewhere.
struct ArtifactPath: Sendable, Equatable {
    /// The names; none of them for the folder itself.
    let parts: [String]

    static let longestPart = 255
    static let mostParts = 64
    /// What uploads are called until they are whole.
    static let uploadPrefix = ".evalhost-upload-"

    private init(parts: [String]) { self.parts = parts }

    /// Takes a path that was decoded once.
    ///
    /// - Parameter text: Names between strokes; a stroke at the end says nothing.
    /// - Throws: That the path could leave the folder, or is too long.
    init(_ text: String) throws(APIError) {
        var text = text[...]
        if text.hasSuffix("/") { text = text.dropLast() }
        let parts = text.isEmpty ? [] : text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= Self.mostParts else {
            throw .invalid("Invalid path: it has more than \(Self.mostParts) parts.")
        }
        for part in parts { try Self.check(part) }
        self.parts = parts
    }

    private static func check(_ part: String) throws(APIError) {
        guard !part.isEmpty else {
            throw .invalid("Invalid path: it begins with a stroke, or has two of them side by side.")
        }
        guard part.utf8.count <= longestPart else {
            throw .invalid("Invalid path: a part of it is longer than \(longestPart) bytes.")
        }
        guard !part.hasPrefix(uploadPrefix) else {
            throw .invalid("Invalid path: names of uploads are the server's own.")
        }
        // `%252e%252e` is a name; but somebody behind us might decode it.
        var meaning = part
        for _ in 0..<4 {
            guard meaning != ".", meaning != "..", !meaning.contains(where: { "/\\\0".contains($0) }) else {
                throw .invalid("Invalid path: it must not leave its folder.")
            }
            guard let decoded = meaning.removingPercentEncoding, decoded != meaning else { return }
            meaning = decoded
        }
        throw .invalid("Invalid path: it is encoded several times.")
    }

    /// The path of what is called `name` in this folder.
    func appending(_ more: ArtifactPath) -> ArtifactPath { ArtifactPath(parts: parts + more.parts) }

    /// The names between strokes.
    var text: String { parts.joined(separator: "/") }
}
