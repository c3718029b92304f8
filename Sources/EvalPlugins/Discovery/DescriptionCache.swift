// What libraries said of themselves, kept between processes: listing scorers then loads nothing.
//
// One small file for each library's path. It is believed if the file at that path is the one that was read (device, inode,
// size and times), or at least has the same SHA-256, and if the same version of evalhost wrote it.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// The folder of kept descriptions.
struct DescriptionCache: Sendable {
    let folder: String
    let hostVersion: String

    struct Entry {
        let identity: FileIdentity
        let digest: Digest
        let description: PluginDescription
    }

    func entry(for path: String) -> Entry? {
        guard let data = FileManager.default.contents(atPath: file(for: path)),
            let json = try? JSON(parsing: data), json["host"]?.string == hostVersion,
            let words = json["file"]?.elements.map({ $0.integer ?? 0 }), words.count == 5,
            let digest = json["sha256"]?.string.flatMap({ Digest(hexadecimal: $0) }),
            let description = json["library"].flatMap(PluginDescription.init(cached:))
        else { return nil }
        return Entry(identity: FileIdentity(words: words), digest: digest, description: description)
    }

    /// Keeps an entry; a cache that can't be written costs time, not the run.
    func store(_ entry: Entry, for path: String) {
        let json: JSON = .object([
            ("host", JSON(hostVersion)),
            ("path", JSON(path)),
            ("file", .array(entry.identity.words.map { JSON($0) })),
            ("sha256", JSON(entry.digest.description)),
            ("library", entry.description.cached),
        ])
        let manager = FileManager.default
        try? manager.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try? Data(json.serialized.utf8).write(to: URL(fileURLWithPath: file(for: path)), options: .atomic)
    }

    private func file(for path: String) -> String {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        return "\(folder)/\(Digest(of: Array(absolute.utf8)).description.prefix(32)).json"
    }
}

extension Digest {
    init?(hexadecimal: String) {
        let digits = Array(hexadecimal.utf8)
        guard digits.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2)
            .compactMap {
                UInt8(String(decoding: digits[$0..<($0 + 2)], as: UTF8.self), radix: 16)
            }
        self.init(bytes: bytes)
    }
}

extension PluginDescription {
    fileprivate var cached: JSON {
        .object([
            ("name", JSON(name)), ("version", JSON(version)), ("author", JSON(author)), ("licence", JSON(licence)),
            ("scorers", .array(scorers.map(\.cached))),
            ("requests", .array(requests.map(\.cached))),
        ])
    }

    fileprivate init?(cached json: JSON) {
        guard let name = json["name"]?.string, let scorers = json["scorers"]?.elements.map(Scorer.init(cached:)),
            !scorers.contains(nil)
        else { return nil }
        // A range can't be made of bounds in the wrong order: a damaged file would end this process.
        let hasOrder = scorers.compactMap { $0 }
            .allSatisfy { scorer in
                let bounds =
                    ([scorer.value] + scorer.feedbacks).map { ($0.minimum, $0.maximum) }
                    + scorer.settings.map { ($0.minimum, $0.maximum) }
                return bounds.allSatisfy { $0.0 ?? -.infinity <= $0.1 ?? .infinity }
            }
        guard hasOrder else { return nil }
        self.init(
            name: name,
            version: json.word("version"),
            author: json.word("author"),
            licence: json.word("licence"),
            scorers: scorers.compactMap { $0 },
            requests: json["requests"]?.elements
                .map {
                    Request(permission: $0.word("permission"), reason: $0.word("reason"))
                } ?? []
        )
    }
}

extension PluginDescription.Request {
    fileprivate var cached: JSON { .object([("permission", JSON(permission)), ("reason", JSON(reason))]) }
}

extension PluginDescription.Scorer {
    fileprivate var cached: JSON {
        .object([
            ("value", value.cached), ("reads", JSON(reads)), ("flags", JSON(Int64(flags))),
            ("feedbacks", .array(feedbacks.map(\.cached))), ("settings", .array(settings.map(\.cached))),
        ])
    }

    fileprivate init?(cached json: JSON) {
        guard let value = json["value"].flatMap(PluginDescription.Value.init(cached:)) else { return nil }
        let feedbacks = json["feedbacks"]?.elements.compactMap(PluginDescription.Value.init(cached:)) ?? []
        let settings = json["settings"]?.elements.compactMap(PluginDescription.Setting.init(cached:)) ?? []
        self.init(
            value: value,
            reads: json.word("reads"),
            feedbacks: feedbacks,
            settings: settings,
            flags: json.bits("flags")
        )
    }
}

extension PluginDescription.Value {
    fileprivate var cached: JSON {
        .object([
            ("name", JSON(name)), ("help", JSON(help)), ("kind", JSON(Int64(kind))),
            ("minimum", minimum.map { JSON($0) } ?? .null), ("maximum", maximum.map { JSON($0) } ?? .null),
            ("labels", .array(labels.map { JSON($0) })), ("unit", JSON(unit)), ("pass", JSON(pass)),
            ("aggregations", JSON(aggregations)), ("direction", JSON(Int64(direction))),
        ])
    }

    fileprivate init?(cached json: JSON) {
        guard let name = json["name"]?.string else { return nil }
        self.init(
            name: name,
            help: json.word("help"),
            kind: json.bits("kind"),
            minimum: json["minimum"]?.number,
            maximum: json["maximum"]?.number,
            labels: json.words("labels"),
            unit: json.word("unit"),
            pass: json.word("pass"),
            aggregations: json.word("aggregations"),
            direction: json.bits("direction")
        )
    }
}

extension PluginDescription.Setting {
    fileprivate var cached: JSON {
        .object([
            ("key", JSON(key)), ("kind", JSON(Int64(kind))), ("optional", JSON(isOptional)),
            ("default", standard.map { JSON($0) } ?? .null), ("help", JSON(help)),
            ("minimum", minimum.map { JSON($0) } ?? .null), ("maximum", maximum.map { JSON($0) } ?? .null),
            ("choices", .array(choices.map { JSON($0) })),
        ])
    }

    fileprivate init?(cached json: JSON) {
        guard let key = json["key"]?.string else { return nil }
        self.init(
            key: key,
            kind: json.bits("kind"),
            isOptional: json["optional"]?.boolean ?? false,
            standard: json["default"]?.string,
            help: json.word("help"),
            minimum: json["minimum"]?.number,
            maximum: json["maximum"]?.number,
            choices: json.words("choices")
        )
    }
}

extension JSON {
    fileprivate func word(_ key: String) -> String { self[key]?.string ?? "" }
    fileprivate func bits(_ key: String) -> UInt32 { self[key]?.integer.flatMap { UInt32(exactly: $0) } ?? 0 }
    fileprivate func words(_ key: String) -> [String] { self[key]?.elements.compactMap(\.string) ?? [] }
}
