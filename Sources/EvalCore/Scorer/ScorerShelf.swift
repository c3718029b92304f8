// What there is to score with, as a server tells it: which libraries were found, and which scorers there are.

public import EvalJSON

/// A library of scorers that was found.
public struct LibraryListing: Sendable, Equatable {
    /// A function of another library that it calls.
    public struct Bound: Sendable, Equatable {
        /// The function.
        public var symbol: String
        /// The library's file.
        public var library: String
        /// SHA-256 of the library's bytes.
        public var digest: Digest

        /// Names a function.
        public init(symbol: String, library: String, digest: Digest) {
            self.symbol = symbol
            self.library = library
            self.digest = digest
        }
    }

    /// What it calls itself.
    public var name: String
    /// Its version.
    public var version: String
    /// Its file.
    public var file: String
    /// SHA-256 of its bytes; of the manifest's, where it is one.
    public var digest: Digest
    /// The names of its scorers.
    public var scorers: [String]
    /// Whether it runs inside evalhost's own process.
    public var runsInProcess: Bool
    /// Whether the lock has it.
    public var isTrusted: Bool
    /// What the lock grants it.
    public var permissions: [String]
    /// What it binds, where it is a manifest.
    public var bound: Bound?

    /// Lists a library.
    public init(
        name: String,
        version: String,
        file: String,
        digest: Digest,
        scorers: [String],
        runsInProcess: Bool,
        isTrusted: Bool,
        permissions: [String] = [],
        bound: Bound? = nil
    ) {
        self.name = name
        self.version = version
        self.file = file
        self.digest = digest
        self.scorers = scorers
        self.runsInProcess = runsInProcess
        self.isTrusted = isTrusted
        self.permissions = permissions
        self.bound = bound
    }
}

/// Knows all scorers that can be used.
public protocol ScorerShelf: Sendable {
    /// All scorers: built in, judges, those of plugins and those of people's own, sorted by name.
    func descriptors() async throws(Diagnostic) -> [ScorerDescriptor]

    /// The libraries in the order in which they were found, and why other files aren't used.
    func libraries() async throws(Diagnostic) -> (found: [LibraryListing], refused: [Diagnostic])

    /// Checks that a judge may be kept: its name isn't a built-in scorer's.
    ///
    /// - Throws: What is wrong with it.
    func check(_ judge: JudgeDefinition) throws(Diagnostic)
}
