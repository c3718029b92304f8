// The protocols that a scorer in Swift conforms to.
//
// A scorer is a value made from its configuration that judges one row, or one session, at a time. ScorerKit does the
// rest: it describes the scorer to the host, decodes the settings, and carries values and errors over the C boundary.

/// What scorers of rows and scorers of sessions have in common; conform to one of those.
public protocol ScorerDeclaration {
    /// What users can set; ``NoConfiguration`` if nothing.
    associatedtype Configuration: PluginConfiguration = NoConfiguration

    /// The scorer's name, what it reads and what its values look like.
    static var about: About { get }

    /// Makes an instance; the memberwise initialiser of a struct with `let configuration: Configuration` will do.
    ///
    /// - Parameter configuration: The user's settings over the defaults of `Configuration()`.
    /// - Throws: ``SettingError`` if a setting can't be used; any other error says why there can be no instance.
    init(configuration: Configuration) throws

    /// Called once, before the first row: the place to read assets. Does nothing where a scorer has none of its own.
    ///
    /// - Parameter context: The library's files and the log; valid during the call, which the compiler checks.
    /// - Throws: As ``init(configuration:)`` does.
    mutating func prepare(_ context: SetupContext) throws
}

extension ScorerDeclaration {
    /// Does nothing.
    public mutating func prepare(_ context: SetupContext) throws {}
}

/// Judges rows, in a plugin.
///
///     import ScorerKit
///
///     struct Readability: PluginScorer {
///         struct Configuration: PluginConfiguration { var maximumGrade = 12.0 }
///         static let about = About("readability", reads: [.outputs], value: .number)
///         let configuration: Configuration
///
///         func score(_ row: Row) throws -> Score {
///             .number(grade(row[.outputs]))
///         }
///     }
///
///     @c(evalhost_plugin_entry)
///     public func entry() -> PluginEntry { plugin("readability", "1.0.0", Readability.self) }
///
/// An instance is made, used and destroyed on one thread, so it need not be `Sendable`. It may keep what it likes
/// between rows, for instance a buffer that it fills again and again.
public protocol PluginScorer: ScorerDeclaration {
    /// Judges one row.
    ///
    /// - Parameter row: The declared fields; valid during the call, which the compiler checks.
    /// - Returns: The value, or ``Score/skip(_:)`` if the scorer doesn't apply to this row.
    /// - Throws: ``RetryError`` for a transient failure; any other error becomes the row's error.
    mutating func score(_ row: Row) throws -> Score
}

/// Judges whole conversations, in a plugin.
///
///     struct Turns: PluginSessionScorer, DefaultConstructible {
///         static let about = About("turns", reads: [.outputs.optional], value: .integer)
///         func score(_ session: Session) -> Score { .integer(session.turns.count) }
///     }
///
/// It is called once for each session, after the pass over the rows. Its values count for the session; they go to the
/// session's first trace, or by ``Score/about(spanID:)`` to a span of any of its traces. A turn that lacks a required
/// field makes the session an error before the scorer sees it.
public protocol PluginSessionScorer: ScorerDeclaration {
    /// Judges one session.
    ///
    /// - Parameter session: Its turns in time order; valid during the call, which the compiler checks.
    /// - Returns: The value, or ``Score/skip(_:)`` if the scorer doesn't apply to this session.
    /// - Throws: ``RetryError`` for a transient failure; any other error becomes the session's error.
    mutating func score(_ session: Session) throws -> Score
}

/// A scorer's settings: a flat struct whose properties all have defaults.
///
/// The host learns keys, types and defaults by encoding `init()`. Properties may be `Bool`, integers, `Double`, `Float`,
/// `String`, `[String]`, enumerations over `String`, and optionals of these. `maximumGrade` becomes the key
/// `maximum_grade`; cases of an enumeration that is `CaseIterable` become the only choices.
public protocol PluginConfiguration: Codable, Sendable {
    /// The defaults.
    init()
}

/// The configuration of a scorer that has no settings.
public struct NoConfiguration: PluginConfiguration {
    /// Nothing to set.
    public init() {}
}

extension ScorerDeclaration where Configuration == NoConfiguration, Self: DefaultConstructible {
    /// Makes an instance of a scorer that has no settings and no state.
    ///
    /// - Parameter configuration: Empty.
    public init(configuration: NoConfiguration) { self.init() }
}

/// A scorer that needs nothing to be made: `struct Exact: PluginScorer, DefaultConstructible { … }`.
public protocol DefaultConstructible {
    /// Makes an instance.
    init()
}
