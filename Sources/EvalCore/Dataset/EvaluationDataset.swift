// A test database: records that merge by the content of their inputs. Each change makes a version, and none is lost.

public import EvalJSON

/// A data set of a store, as it is now or as a version of it was; MLflow's `EvaluationDataset`.
public struct EvaluationDataset: Sendable, Equatable {
    /// The identifier; `d-` and 32 digits for people and MLflow.
    public var id: PublicID
    /// The name; as in MLflow another data set may have it too, and is then known by its identifier.
    public var name: String
    /// Words of the person's own: an object of strings.
    public var tags: JSON
    /// A JSON Schema that every record satisfies; nil where any will do.
    public var schema: JSON?
    /// The version, from 1, which is the empty set.
    public var version: Int
    /// SHA-256 over the digests of the records, sorted: two sets with the same records have the same.
    public var digest: Digest
    /// How many records it has.
    public var records: Int
    /// When the data set was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When the version was made, in milliseconds since 1970.
    public var updatedMilliseconds: Int64

    /// Takes the parts.
    public init(
        id: PublicID,
        name: String,
        tags: JSON,
        schema: JSON?,
        version: Int,
        digest: Digest,
        records: Int,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64
    ) {
        self.id = id
        self.name = name
        self.tags = tags
        self.schema = schema
        self.version = version
        self.digest = digest
        self.records = records
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
    }

    /// The identifier as MLflow writes it.
    public var publicID: String { "d-" + id.hexadecimal }

    /// The version by name, as `--data dataset:` takes it.
    public var reference: String { "\(name)@\(version)" }

    /// Whether a word can name a data set: `@` separates its version.
    public static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 500 && !name.contains { "@/\n\r\t\0".contains($0) } && name.first != " "
            && name.last != " " && !name.hasPrefix("-")
    }
}

/// A version of a data set.
public struct DatasetVersion: Sendable, Equatable {
    /// The version, from 1.
    public var number: Int
    /// As ``EvaluationDataset/digest``.
    public var digest: Digest
    /// How many records it has.
    public var records: Int
    /// What was done, for people: `12 added, 3 changed`.
    public var change: String
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64

    /// Takes the parts.
    public init(number: Int, digest: Digest, records: Int, change: String, createdMilliseconds: Int64) {
        self.number = number
        self.digest = digest
        self.records = records
        self.change = change
        self.createdMilliseconds = createdMilliseconds
    }
}

/// A record of a data set; MLflow's `DatasetRecord`.
public struct DatasetRecord: Sendable, Equatable {
    /// The identifier, which stays when the record is changed.
    public var id: PublicID
    /// A row's keys without `trace`: an object with `inputs` at least.
    public var content: JSON
    /// When it was added, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it was last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64

    /// Takes the parts.
    public init(id: PublicID, content: JSON, createdMilliseconds: Int64, updatedMilliseconds: Int64) {
        self.id = id
        self.content = content
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
    }

    /// The keys of a row that a record keeps.
    public static let keys = Record.keys.filter { $0 != "trace" }

    /// What a data set keeps of a row.
    ///
    /// - Parameters:
    ///   - record: The row.
    ///   - source: Where it comes from, if the row doesn't say: `{"type": "human"}`, with what the type asks for.
    /// - Returns: The content of a record.
    public static func content(of record: Record, source: JSON?) -> JSON {
        var members: [(String, JSON)] = [("inputs", record.inputs ?? [:])]
        for key in keys where key != "inputs" {
            if let value = record.row[key]?.unlessNull { members.append((key, value)) }
        }
        if let source, record.row["source"]?.unlessNull == nil { members.append(("source", source)) }
        return .object(members)
    }

    /// A record with a newer one of the same inputs merged into it, as MLflow merges: expectations and tags key by key,
    /// all else as a whole, but the source, which stays.
    public static func merged(_ old: JSON, _ new: JSON) -> JSON {
        var members = old.members.map { (String($0.key), $0.value) }
        for (key, value) in new.members {
            let key = String(key)
            guard let place = members.firstIndex(where: { $0.0 == key }) else {
                members.append((key, value))
                continue
            }
            switch key {
            case "inputs", "source": continue
            case "expectations", "tags": members[place].1 = updated(members[place].1, value)
            default: members[place].1 = value
            }
        }
        return .object(members)
    }

    private static func updated(_ old: JSON, _ new: JSON) -> JSON {
        guard old.kind == .object, new.kind == .object else { return new }
        var members = old.members.map { (String($0.key), $0.value) }
        for (key, value) in new.members {
            let key = String(key)
            if let place = members.firstIndex(where: { $0.0 == key }) {
                members[place].1 = value
            } else {
                members.append((key, value))
            }
        }
        return .object(members)
    }
}

/// What came of a merge.
public struct DatasetMerge: Sendable, Equatable {
    /// Records whose inputs were new.
    public var added = 0
    /// Records that were changed.
    public var changed = 0
    /// Records that were the same already.
    public var unchanged = 0

    /// Nothing yet.
    public init() {}

    /// What it did, for people.
    public var words: String { "\(added) added, \(changed) changed" }
}

/// What differs between two versions.
public enum DatasetDifference: Sendable, Equatable {
    /// A record that only the newer has.
    case added(JSON)
    /// A record that only the older has.
    case removed(JSON)
    /// A record that differs.
    case changed(from: JSON, to: JSON)
}

/// Keeps data sets.
public protocol DatasetStore: Sendable {
    /// Makes an empty data set.
    ///
    /// - Throws: Why it can't be kept.
    func createDataset(_ name: String, tags: JSON, schema: JSON?) async throws(Diagnostic) -> EvaluationDataset

    /// All data sets, sorted by name.
    func datasets() async throws(Diagnostic) -> [EvaluationDataset]

    /// A data set by name, by its identifier, or as a version of it was: `NAME@3`.
    ///
    /// - Throws: That there is none, with the nearest name.
    func dataset(named name: String) async throws(Diagnostic) -> EvaluationDataset

    /// Merges records: one with the inputs of a record that is there changes it. Nothing is done where one can't be kept.
    ///
    /// - Parameters:
    ///   - contents: What ``DatasetRecord/content(of:source:)`` gives.
    ///   - id: The data set.
    ///   - check: What is wrong with a record after it was merged, as the data set's schema has it; nil for nothing.
    /// - Returns: What was done; a merge that changes nothing makes no version.
    /// - Throws: Why it can't be done.
    func merge(
        _ contents: [JSON],
        into id: PublicID,
        check: @escaping @Sendable (JSON) -> String?
    ) async throws(Diagnostic) -> DatasetMerge

    /// Removes records by their identifiers.
    ///
    /// - Returns: How many there were.
    func removeRecords(_ records: [PublicID], from id: PublicID) async throws(Diagnostic) -> Int

    /// Removes a data set with all its versions.
    func deleteDataset(_ id: PublicID) async throws(Diagnostic)

    /// The records of a version in the order in which they were added.
    ///
    /// - Parameters:
    ///   - dataset: The data set as a version of it was.
    ///   - place: Behind which record to begin: 0, or what the page before returned.
    ///   - limit: The most records.
    /// - Returns: The records and the place of the last.
    /// - Throws: Why they can't be read.
    func records(
        of dataset: EvaluationDataset,
        after place: Int64,
        limit: Int
    ) async throws(Diagnostic) -> (records: [DatasetRecord], place: Int64)

    /// The versions of a data set, the newest first.
    func versions(of id: PublicID) async throws(Diagnostic) -> [DatasetVersion]

    /// What differs from one version to a later one, in the order of the records.
    func differences(
        of dataset: EvaluationDataset,
        since version: Int
    ) async throws(Diagnostic) -> [DatasetDifference]
}
