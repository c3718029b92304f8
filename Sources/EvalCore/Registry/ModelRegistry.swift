// What a server asks of a store about registered models and prompts. Everything throws a Refusal where the request can't
// be met, and a Diagnostic where the store can't be used.

/// Which part of what is found a search gives.
public struct SearchWindow: Sendable, Equatable {
    /// How many come before it.
    public var offset: Int
    /// How many it has at most.
    public var limit: Int

    /// Makes a window.
    public init(offset: Int = 0, limit: Int) {
        self.offset = offset
        self.limit = limit
    }
}

/// What a search found in its window.
public struct SearchResult<Found: Sendable>: Sendable {
    /// What was found.
    public var found: [Found]
    /// Whether there is more behind the window.
    public var hasMore: Bool

    /// Makes a result.
    public init(_ found: [Found], hasMore: Bool) {
        self.found = found
        self.hasMore = hasMore
    }
}

/// Keeps registered models and prompts.
public protocol ModelRegistry: Sendable {
    /// Registers a name.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - description: What it is for.
    ///   - tags: Words of the person's own; the prompt tag makes it a prompt.
    /// - Returns: What is kept.
    /// - Throws: `exists`, if the name is taken by a model or a prompt.
    func createModel(_ name: String, description: String?, tags: KeyedTexts) async throws -> RegisteredModel

    /// A registered name.
    func model(_ name: String) async throws -> RegisteredModel

    /// Changes what a name is for.
    func describeModel(_ name: String, as description: String?) async throws -> RegisteredModel

    /// Gives a name another one; versions and aliases go with it.
    ///
    /// - Throws: `missing`, or `exists`, if the new name is taken.
    func renameModel(_ name: String, to newName: String) async throws -> RegisteredModel

    /// Forgets a name with all its versions.
    func deleteModel(_ name: String) async throws

    /// Finds registered names; prompts only where the filter asks for the prompt tag.
    ///
    /// - Parameters:
    ///   - filter: What is wanted.
    ///   - order: By what it is sorted; by name where nothing is said.
    ///   - window: Which part of it is given.
    /// - Returns: What was found.
    /// - Throws: `invalid`, if a key can't be searched or sorted by.
    func searchModels(
        _ filter: SearchFilter,
        order: [SearchOrder],
        window: SearchWindow
    ) async throws -> SearchResult<RegisteredModel>

    /// Sets a tag of a name.
    func setModelTag(_ name: String, key: String, value: String) async throws

    /// Takes a tag away from a name; one that isn't there is no error.
    func deleteModelTag(_ name: String, key: String) async throws

    /// Makes an alias mean a version, whatever it meant before.
    func setAlias(_ alias: String, of name: String, to version: Int64) async throws

    /// Forgets an alias; one that isn't there is no error.
    func deleteAlias(_ alias: String, of name: String) async throws

    /// The version that an alias means; `latest` is the newest.
    ///
    /// - Throws: `missing` for an unknown name, `invalid` for an unknown alias.
    func modelVersion(of name: String, alias: String) async throws -> ModelVersion

    /// Makes the next version of a name.
    func createVersion(of name: String, _ content: ModelVersionContent) async throws -> ModelVersion

    /// A version.
    func modelVersion(of name: String, _ version: Int64) async throws -> ModelVersion

    /// Changes a version's description.
    func describeVersion(of name: String, _ version: Int64, as description: String?) async throws -> ModelVersion

    /// Moves a version to a stage.
    ///
    /// - Parameters:
    ///   - name: The registered name.
    ///   - version: The version.
    ///   - stage: Where it shall be.
    ///   - archivesOthers: Whether the other versions there are archived.
    /// - Returns: The version as it is then.
    /// - Throws: `missing`, or `invalid`, if versions in that stage can't be archived.
    func moveVersion(
        of name: String,
        _ version: Int64,
        to stage: ModelVersion.Stage,
        archivesOthers: Bool
    ) async throws -> ModelVersion

    /// Forgets a version and the aliases that mean it; its number isn't used again.
    func deleteVersion(of name: String, _ version: Int64) async throws

    /// Finds versions; those of prompts only where the filter asks for the prompt tag.
    ///
    /// - Parameters:
    ///   - filter: What is wanted.
    ///   - order: By what it is sorted; the one that changed last comes first where nothing is said.
    ///   - window: Which part of it is given.
    /// - Returns: What was found.
    /// - Throws: `invalid`, if a key can't be searched or sorted by.
    func searchVersions(
        _ filter: SearchFilter,
        order: [SearchOrder],
        window: SearchWindow
    ) async throws -> SearchResult<ModelVersion>

    /// Sets a tag of a version.
    func setVersionTag(of name: String, _ version: Int64, key: String, value: String) async throws

    /// Takes a tag away from a version; one that isn't there is no error.
    func deleteVersionTag(of name: String, _ version: Int64, key: String) async throws

    /// Says that a trace used versions of prompts.
    ///
    /// - Throws: `missing`, if there is no such trace.
    func link(prompts: [PromptReference], toTrace trace: PublicID) async throws
}
