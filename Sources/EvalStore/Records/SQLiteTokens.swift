// Tokens of callers; only their digests are here.

public import EvalCore
internal import EvalJSON
internal import GRDB

extension SQLiteStore: AccessTokenStore {
    /// Keeps a token.
    public func add(_ token: AccessToken) async throws(Diagnostic) {
        try await write { db in
            guard
                try db.first("SELECT 1 FROM access_tokens WHERE name = ?", .text(token.name), body: { _ in true })
                    == nil
            else {
                throw Diagnostic(
                    "there is a token '\(token.name)' already",
                    help: "Revoke it first, or choose another name."
                )
            }
            try db.run(
                "INSERT INTO access_tokens (name, scope, digest, created, expires) VALUES (?, ?, ?, ?, ?)",
                .text(token.name),
                .text(token.scope.rawValue),
                .blob(token.digest.bytes),
                .integer(token.createdMilliseconds),
                token.expiresMilliseconds.map { .integer($0) } ?? .null
            )
        }
    }

    /// All tokens by name.
    public func accessTokens() async throws(Diagnostic) -> [AccessToken] {
        try await read { db in
            try db.all("SELECT name, scope, digest, created, expires FROM access_tokens ORDER BY name") { row in
                guard let scope = AccessScope(rawValue: row.text(1)), let digest = row.digest(2) else {
                    throw Damage("a token is malformed")
                }
                return AccessToken(
                    name: row.text(0),
                    scope: scope,
                    digest: digest,
                    createdMilliseconds: row.int64(3),
                    expiresMilliseconds: row.optionalInt64(4)
                )
            }
        }
    }

    /// Takes a token away; false if there is none of that name.
    public func revokeAccessToken(named name: String) async throws(Diagnostic) -> Bool {
        try await write { db in
            try db.run("DELETE FROM access_tokens WHERE name = ?", .text(name))
            return db.changesCount > 0
        }
    }
}
