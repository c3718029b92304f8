// Models and prompts that people register under a name, with the versions that they had. A prompt is a registered model
// that says so by a tag, and keeps its text in a tag of each version, as MLflow does.

/// Words of a person's own, by key, in the order of the keys.
public typealias KeyedTexts = [(key: String, value: String)]

/// A name that versions of a model or of a prompt are registered under.
public struct RegisteredModel: Sendable {
    /// The tag whose value `true` makes a registered model a prompt.
    public static let promptTag = "mlflow.prompt.is_prompt"

    /// The name; no two have the same.
    public var name: String
    /// What it is for.
    public var description: String?
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it or one of its versions last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64
    /// Words of the person's own.
    public var tags: KeyedTexts
    /// Names of versions.
    public var aliases: [(alias: String, version: Int64)]
    /// The newest version in each stage.
    public var latest: [ModelVersion]

    /// Whether it is a prompt.
    public var isPrompt: Bool { tags.contains { $0.key == Self.promptTag && $0.value.lowercased() == "true" } }

    /// Describes a name.
    public init(
        name: String,
        description: String?,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64,
        tags: KeyedTexts = [],
        aliases: [(alias: String, version: Int64)] = [],
        latest: [ModelVersion] = []
    ) {
        self.name = name
        self.description = description
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
        self.tags = tags
        self.aliases = aliases
        self.latest = latest
    }
}

/// What a version is made of.
public struct ModelVersionContent: Sendable {
    /// Where the model's files are, or a word in place of it for a prompt.
    public var source: String
    /// The run that made it.
    public var run: String?
    /// Where that run can be seen.
    public var runLink: String?
    /// The logged model that it was.
    public var loggedModel: String?
    /// What is new in it.
    public var description: String?
    /// Words of the person's own.
    public var tags: KeyedTexts

    /// Describes a version.
    public init(
        source: String,
        run: String? = nil,
        runLink: String? = nil,
        loggedModel: String? = nil,
        description: String? = nil,
        tags: KeyedTexts = []
    ) {
        self.source = source
        self.run = run
        self.runLink = runLink
        self.loggedModel = loggedModel
        self.description = description
        self.tags = tags
    }
}

/// A version of a registered model or prompt.
public struct ModelVersion: Sendable {
    /// How far a version is.
    public enum Stage: String, Sendable, CaseIterable {
        case none = "None"
        case staging = "Staging"
        case production = "Production"
        case archived = "Archived"
    }

    /// The registered name.
    public var name: String
    /// The version, from 1; no number is used twice.
    public var version: Int64
    /// What it is made of.
    public var content: ModelVersionContent
    /// How far it is.
    public var stage: Stage
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64
    /// The names that mean it.
    public var aliases: [String]

    /// Describes a version.
    public init(
        name: String,
        version: Int64,
        content: ModelVersionContent,
        stage: Stage = .none,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64,
        aliases: [String] = []
    ) {
        self.name = name
        self.version = version
        self.content = content
        self.stage = stage
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
        self.aliases = aliases
    }
}

/// A version of a prompt, by its name.
public struct PromptReference: Sendable, Hashable {
    /// The prompt's name.
    public var name: String
    /// The version.
    public var version: Int64

    /// Names a version.
    public init(name: String, version: Int64) {
        self.name = name
        self.version = version
    }
}
