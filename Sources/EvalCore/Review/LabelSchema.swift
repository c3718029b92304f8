// What reviewers are asked about a trace: a question with the kind of answer that it takes.

/// How a question is answered.
public enum LabelInput: Sendable, Equatable {
    /// One of two words, the good one first.
    case passFail(positive: String, negative: String)
    /// One of some words, or several of them.
    case categorical(options: [String], isMultiple: Bool)
    /// A number, within bounds where there are any.
    case number(least: Double?, most: Double?)
    /// A text, of that many characters at most.
    case text(longest: Int64?)
}

/// A question that reviewers are asked.
public struct LabelSchema: Sendable, Equatable {
    /// What an answer becomes.
    public enum Kind: String, Sendable, CaseIterable {
        case feedback = "FEEDBACK"
        case expectation = "EXPECTATION"
    }

    /// The question's identifier.
    public var id: PublicID
    /// The experiment whose traces it is about.
    public var experiment: Int64
    /// The name of the assessments that answer it.
    public var name: String
    /// What an answer becomes.
    public var kind: Kind
    /// How it is answered.
    public var input: LabelInput
    /// What reviewers are told.
    public var instruction: String?
    /// Whether they may say why.
    public var takesComments: Bool
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64

    /// The identifier as clients know it: `ls-` and 32 digits.
    public var publicID: String { "ls-" + id.hexadecimal }

    /// Describes a question.
    public init(
        id: PublicID,
        experiment: Int64,
        name: String,
        kind: Kind,
        input: LabelInput,
        instruction: String?,
        takesComments: Bool,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64
    ) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.kind = kind
        self.input = input
        self.instruction = instruction
        self.takesComments = takesComments
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
    }
}

/// A change of a question; what is nil stays.
public struct LabelSchemaChange: Sendable, Equatable {
    /// The name that it shall have.
    public var name: String?
    /// How it shall be answered; of the same kind as before.
    public var input: LabelInput?
    /// What reviewers shall be told.
    public var instruction: String?
    /// Whether they may say why.
    public var takesComments: Bool?

    /// Changes nothing yet.
    public init(
        name: String? = nil,
        input: LabelInput? = nil,
        instruction: String? = nil,
        takesComments: Bool? = nil
    ) {
        self.name = name
        self.input = input
        self.instruction = instruction
        self.takesComments = takesComments
    }
}

/// Keeps what reviewers are asked.
///
/// Everything throws a Refusal where the request can't be met.
public protocol LabelSchemaStore: Sendable {
    /// Keeps a question; its identifier and times are made by the store.
    ///
    /// - Throws: `exists`, if the experiment has one of that name, or `missing`.
    func createLabelSchema(_ schema: LabelSchema) async throws -> LabelSchema

    /// A question.
    func labelSchema(_ id: PublicID) async throws -> LabelSchema

    /// A question of an experiment by its name.
    func labelSchema(named name: String, in experiment: Int64) async throws -> LabelSchema

    /// The questions of an experiment, the newest first.
    func labelSchemas(in experiment: Int64, window: SearchWindow) async throws -> SearchResult<LabelSchema>

    /// Changes a question.
    ///
    /// - Throws: `exists`, if the name is taken, `invalid`, if the input is of another kind than before, or `missing`.
    func changeLabelSchema(_ id: PublicID, _ change: LabelSchemaChange) async throws -> LabelSchema

    /// Forgets a question, also in queues; answers stay. One that isn't there is no error.
    func deleteLabelSchema(_ id: PublicID) async throws
}
