// Who asks: the header `Authorization`, against the tokens that are kept.

public import EvalCore
internal import EvalJSON
internal import Foundation
internal import Synchronization

/// Tells who asks.
protocol Gate: Sendable {
    /// Who a request comes from.
    ///
    /// - Parameter authorization: The header `Authorization`.
    /// - Returns: Their name, and what they may.
    /// - Throws: `UNAUTHENTICATED`, where a token is wanted and none or a wrong one is brought.
    func principal(authorization: String?) async throws -> Principal
}

/// Lets everybody in, for a server that only this machine reaches.
struct OpenGate: Gate {
    func principal(authorization: String?) -> Principal { Principal(name: nil, scope: .admin) }
}

/// Asks for a token: `Authorization: Bearer TOKEN`, or the password of `Basic`, as MLflow's client sends either.
final class TokenGate: Gate {
    private let store: any AccessTokenStore
    private let seconds: Int64
    private let known = Mutex<(tokens: [AccessToken], readMilliseconds: Int64)>(([], .min))

    /// Makes a gate that looks for new and revoked tokens after so many seconds.
    init(_ store: any AccessTokenStore, refreshSeconds: Int64 = 1) {
        self.store = store
        seconds = refreshSeconds
    }

    func principal(authorization: String?) async throws -> Principal {
        guard let text = authorization.flatMap(Self.token) else {
            throw APIError(
                .unauthenticated,
                "The server wants a token: `Authorization: Bearer TOKEN`, which MLflow's client sends from MLFLOW_TRACKING_TOKEN. `evalhost server token create` makes one."
            )
        }
        let now = Int64(Date().timeIntervalSince1970 * 1000)
        let digest = Digest(of: Array(text.utf8))
        // Every token is compared, and each in the same time whatever differs: SHA-256 is compared, not the text.
        var found: AccessToken?
        for token in try await tokens(now) where token.digest.equalsInConstantTime(digest) { found = token }
        guard let found else { throw APIError(.unauthenticated, "The token is unknown or revoked.") }
        if let expires = found.expiresMilliseconds, expires <= now {
            throw APIError(.unauthenticated, "The token `\(found.name)` has expired; make a new one.")
        }
        return Principal(name: found.name, scope: found.scope)
    }

    private func tokens(_ now: Int64) async throws -> [AccessToken] {
        let (tokens, read) = known.withLock { $0 }
        if read != .min, now - read < seconds * 1000, now >= read { return tokens }
        let fresh = try await store.accessTokens()
        known.withLock { $0 = (fresh, now) }
        return fresh
    }

    private static func token(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic":
            guard let bytes = Data(base64Encoded: String(parts[1])) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let colon = text.firstIndex(of: ":") else { return nil }
            return String(text[text.index(after: colon)...])
        default: return nil
        }
    }
}

extension Digest {
    /// Whether two digests are equal, in a time that doesn't tell where they differ.
    fileprivate func equalsInConstantTime(_ other: Digest) -> Bool {
        zip(bytes, other.bytes).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
