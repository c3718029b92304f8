// Scorers that clients register, with every version that they had, and how much of production they shall judge.

/// A version of a scorer as a client registered it.
public struct RegisteredScorer: Sendable, Equatable {
    /// The scorer's identifier, the same for all its versions.
    public var id: PublicID
    /// The experiment that it belongs to.
    public var experiment: Int64
    /// The scorer's name.
    public var name: String
    /// The version, from 1.
    public var version: Int64
    /// What the scorer is, as the client wrote it: JSON text.
    public var definition: String
    /// When the version was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64

    /// Describes a version.
    public init(
        id: PublicID,
        experiment: Int64,
        name: String,
        version: Int64,
        definition: String,
        createdMilliseconds: Int64
    ) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.version = version
        self.definition = definition
        self.createdMilliseconds = createdMilliseconds
    }
}

/// Which traces of its experiment a registered scorer shall judge as they come.
public struct ScorerSampling: Sendable, Equatable {
    /// The sampling's identifier.
    public var id: PublicID
    /// The scorer's identifier.
    public var scorer: PublicID
    /// The experiment whose traces are meant.
    public var experiment: Int64
    /// The share of the traces, from 0 to 1.
    public var rate: Double
    /// Conditions in the words of a search of traces; nil for all.
    public var filter: String?

    /// Describes a sampling.
    public init(id: PublicID, scorer: PublicID, experiment: Int64, rate: Double, filter: String?) {
        self.id = id
        self.scorer = scorer
        self.experiment = experiment
        self.rate = rate
        self.filter = filter
    }
}

/// Keeps registered scorers.
///
/// Everything throws a Refusal where the request can't be met.
public protocol ScorerRegistry: Sendable {
    /// Keeps a scorer as the newest version of its name.
    ///
    /// - Parameters:
    ///   - name: The scorer's name.
    ///   - definition: What it is.
    ///   - experiment: The experiment that it belongs to.
    /// - Returns: The version.
    /// - Throws: `missing`, if there is no such experiment, `invalid`, if it is deleted.
    func registerScorer(_ name: String, definition: String, in experiment: Int64) async throws -> RegisteredScorer

    /// The newest version of each scorer, by name.
    ///
    /// - Parameter experiments: Whose scorers; nil for those of all active experiments.
    /// - Returns: The scorers.
    /// - Throws: Why they can't be read.
    func scorers(in experiments: [Int64]?) async throws -> [RegisteredScorer]

    /// All versions of a scorer, the oldest first.
    ///
    /// - Throws: `missing`, if there is none.
    func scorerVersions(_ name: String, in experiment: Int64) async throws -> [RegisteredScorer]

    /// A version of a scorer; the newest where none is named.
    ///
    /// - Throws: `missing`.
    func scorer(_ name: String, version: Int64?, in experiment: Int64) async throws -> RegisteredScorer

    /// Forgets a version of a scorer; all of them where none is named. With the last one its sampling goes too.
    ///
    /// - Throws: `missing`.
    func deleteScorer(_ name: String, version: Int64?, in experiment: Int64) async throws

    /// Says which traces a scorer shall judge; what was said before is replaced.
    ///
    /// - Throws: `missing`.
    func sample(_ name: String, in experiment: Int64, rate: Double, filter: String?) async throws -> ScorerSampling

    /// The samplings of scorers; those that have none are left out.
    func samplings(of scorers: [PublicID]) async throws -> [ScorerSampling]
}
