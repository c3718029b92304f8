// Data sets as a server's callers find, tag and tie them to experiments. Everything throws a Refusal where the request
// can't be met, and a Diagnostic where the store can't be used.

public import EvalJSON

/// A data set with what is known beside its records.
public struct DatasetListing: Sendable {
    /// The data set, as it is now.
    public var dataset: EvaluationDataset
    /// Who made it; empty where nobody said.
    public var userID: String
    /// The experiments that it belongs to.
    public var experimentIDs: [Int64]

    /// Lists a data set.
    public init(dataset: EvaluationDataset, userID: String, experimentIDs: [Int64]) {
        self.dataset = dataset
        self.userID = userID
        self.experimentIDs = experimentIDs
    }
}

/// What kind of values the records of a data set have under a key.
public struct DatasetColumn: Sendable, Hashable {
    /// `inputs`, `outputs` or `expectations`.
    public var part: String
    /// The key.
    public var key: String
    /// `string`, `integer`, `float`, `boolean`, `array`, `object` or `null`.
    public var type: String

    /// Names a column.
    public init(part: String, key: String, type: String) {
        self.part = part
        self.key = key
        self.type = type
    }
}

/// Finds, tags and ties data sets.
public protocol DatasetCatalog: DatasetStore {
    /// Makes an empty data set that belongs to experiments.
    ///
    /// - Throws: `exists`, if the name is taken; `missing`, if there is no such experiment.
    func createDataset(
        _ name: String,
        tags: JSON,
        experimentIDs: [Int64],
        userID: String
    ) async throws -> DatasetListing

    /// A data set.
    ///
    /// - Throws: `missing`.
    func datasetListing(_ id: PublicID) async throws -> DatasetListing

    /// The data sets of some experiments, or all, that a filter finds.
    func searchDatasets(
        in experimentIDs: [Int64]?,
        _ filter: SearchFilter,
        order: [SearchOrder],
        window: SearchWindow
    ) async throws -> SearchResult<DatasetListing>

    /// Sets tags; one that becomes null is taken away.
    func setDatasetTags(_ id: PublicID, _ tags: JSON) async throws

    /// Ties a data set to experiments, or unties it.
    func setDataset(_ id: PublicID, belongs: Bool, to experimentIDs: [Int64]) async throws -> DatasetListing

    /// The keys of a data set's records with the kinds of their values.
    func datasetColumns(_ id: PublicID) async throws -> [DatasetColumn]
}
