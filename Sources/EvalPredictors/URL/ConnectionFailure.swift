// Why there is no reply, in words for people. The client's own descriptions may have headers in them: none is shown.

internal import AsyncHTTPClient
internal import EvalCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// A reply that is larger than one may be.
struct ReplyTooLarge: Error {}

extension PredictFailure {
    /// What became of a request to `endpoint` (host and port) that threw `error` before there was a reply.
    static func connection(_ error: any Error, endpoint: String, timeout: Duration) -> PredictFailure {
        switch error {
        case is AttemptExpired: return PredictFailure("no answer within \(timeout)", isRetryable: true)
        case is ReplyTooLarge:
            return PredictFailure("\(endpoint) answered with more than \(Limits.rowBytes >> 20) MiB")
        case let error as HTTPClientError: return client(error, endpoint, timeout)
        case let error as IOError: return system(error, endpoint)
        case let error as NIOConnectionError:
            let reasons = error.connectionErrors.compactMap { $0.error as? IOError }
            if let first = reasons.first { return system(first, endpoint) }
            return PredictFailure("\(endpoint) can't be found or reached", isRetryable: true)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return PredictFailure("the encrypted connection to \(endpoint) failed: \(error)")
        case is HTTPParserError: return PredictFailure("\(endpoint) does not answer in HTTP")
        case is ChannelError:
            return PredictFailure("the connection to \(endpoint) broke", isRetryable: true)
        default: return PredictFailure("the request to \(endpoint) failed (\(type(of: error)))")
        }
    }

    private static func client(_ error: HTTPClientError, _ endpoint: String, _ timeout: Duration) -> PredictFailure {
        switch error {
        case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout,
            .tlsHandshakeTimeout, .httpProxyHandshakeTimeout:
            PredictFailure("no answer within \(timeout)", isRetryable: true)
        case .remoteConnectionClosed, .uncleanShutdown:
            PredictFailure("\(endpoint) closed the connection before it answered", isRetryable: true)
        case .proxyAuthenticationRequired: PredictFailure("the proxy wants a user and a password")
        default: PredictFailure("the request to \(endpoint) failed: \(error.shortDescription)")
        }
    }

    private static func system(_ error: IOError, _ endpoint: String) -> PredictFailure {
        let words =
            switch error.errnoCode {
            case ECONNREFUSED: "\(endpoint) refuses connections"
            case ECONNRESET, EPIPE: "\(endpoint) reset the connection"
            default: "the connection to \(endpoint) failed: \(String(cString: strerror(error.errnoCode)))"
            }
        return PredictFailure(words, isRetryable: true)
    }
}
