// Files of JSON documents that are no rows, such as traces: one document, an array of them, or one a line.

public import EvalCore
public import EvalJSON
internal import Foundation

/// The documents of a file.
public struct JSONDocuments: Sendable {
    /// The file as the person named it.
    public let name: String
    private let bytes: [UInt8]
    private let isLines: Bool

    /// Reads a file; what is compressed with gzip is inflated.
    ///
    /// - Parameter path: The file; `-` is standard input.
    /// - Throws: Why it can't be read.
    public init(path: String) async throws(Diagnostic) {
        let stream = try ByteStream(path: path)
        name = stream.name
        let result: Result<[UInt8], Diagnostic> = await stream.perform {
            do throws(Diagnostic) {
                let help = "a file of JSON documents may have 4 GiB; share it out among several"
                return .success(try stream.readAll(limit: JSONParser.maximumBytes, help: help))
            } catch {
                return .failure(error)
            }
        }
        let bytes = try result.get()
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        // One document a line, unless the first line is no document by itself.
        let first = self.bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1).first ?? []
        isLines = (try? JSON(parsing: first)) != nil
    }

    /// Gives each document to `body`; a diagnostic without a place that it throws gets the document's.
    public func forEach(
        isolation: isolated (any Actor)? = #isolation,
        _ body: (JSON) async throws -> Void
    ) async throws {
        guard isLines else {
            if bytes.allSatisfy({ $0 <= 0x20 }) { return }
            return try await give(bytes[...], at: Diagnostic.Location(file: name), body)
        }
        var line = 0
        for part in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            if part.allSatisfy({ $0 <= 0x20 }) { continue }
            try await give(part, at: Diagnostic.Location(file: name, line: line), body)
        }
    }

    private func give(
        _ part: ArraySlice<UInt8>,
        at place: Diagnostic.Location,
        isolation: isolated (any Actor)? = #isolation,
        _ body: (JSON) async throws -> Void
    ) async throws {
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: part)
        } catch {
            throw Diagnostic(error.description, at: place)
        }
        do {
            guard json.kind == .array else { return try await body(json) }
            for element in json.elements { try await body(element) }
        } catch let error as Diagnostic {
            throw error.located(place)
        }
    }
}
