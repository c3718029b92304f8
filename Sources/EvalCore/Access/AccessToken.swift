// Who may call the server: tokens, of which only a digest is kept.

public import EvalJSON

/// What a caller may do; each scope holds those before it.
public enum AccessScope: String, Sendable, CaseIterable, Comparable {
    /// Looks at everything.
    case read
    /// Logs, labels and changes.
    case write
    /// Starts evaluations and deletes experiments.
    case admin

    /// Whether `left` allows less than `right`.
    public static func < (left: AccessScope, right: AccessScope) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .read: 0
        case .write: 1
        case .admin: 2
        }
    }
}

/// A token as it is kept.
public struct AccessToken: Sendable {
    /// What people call it.
    public var name: String
    /// What its bearer may do.
    public var scope: AccessScope
    /// SHA-256 of its text.
    public var digest: Digest
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it stops working, in milliseconds since 1970; nil where it doesn't.
    public var expiresMilliseconds: Int64?

    /// Makes a token's record.
    public init(
        name: String,
        scope: AccessScope,
        digest: Digest,
        createdMilliseconds: Int64,
        expiresMilliseconds: Int64? = nil
    ) {
        self.name = name
        self.scope = scope
        self.digest = digest
        self.createdMilliseconds = createdMilliseconds
        self.expiresMilliseconds = expiresMilliseconds
    }
}

/// Where tokens are kept.
public protocol AccessTokenStore: Sendable {
    /// Keeps a token.
    ///
    /// - Throws: `usage`, if the name is taken; `unavailable`, if the store can't be used.
    func add(_ token: AccessToken) async throws(Diagnostic)

    /// All tokens by name.
    func accessTokens() async throws(Diagnostic) -> [AccessToken]

    /// Takes a token away; false if there is none of that name.
    func revokeAccessToken(named name: String) async throws(Diagnostic) -> Bool
}
