// Why there is no reply, in words for people. The client's own descriptions may have headers in them: none is shown.

internal import AsyncHTTPClient
internal import EvalCore
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

extension CallFailure {
    /// What became of a request to `endpoint` (its host) that threw `error` before there was a reply.
    static func connection(_ error: any Error, endpoint: String, timeout: Duration) -> CallFailure {
        switch error {
        case is CancellationError: return .cancelled
        case let error as AttemptExpired: return expired(error.phase, endpoint, timeout)
        case is ReplyTooLarge:
            return CallFailure("bad_request", "\(endpoint) answered with more than \(Limits.rowBytes >> 20) MiB")
        case let error as HTTPClientError:
            switch error {
            case .cancelled: return .cancelled
            case .remoteConnectionClosed, .uncleanShutdown:
                return broken("\(endpoint) closed the connection before it had answered")
            case .proxyAuthenticationRequired:
                return CallFailure("model_unavailable", "the proxy wants a user and a password", reached: false)
            case .alreadyShutdown: return .cancelled
            default: return broken("the request to \(endpoint) failed: \(error.shortDescription)")
            }
        case let error as IOError: return system(error, endpoint)
        case let error as NIOConnectionError:
            let reasons = error.connectionErrors.compactMap { $0.error as? IOError }
            if let first = reasons.first { return system(first, endpoint) }
            return broken("\(endpoint) can't be found or reached", reached: false)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return broken("the encrypted connection to \(endpoint) failed: \(error)", reached: false)
        case is HTTPParserError: return broken("\(endpoint) doesn't answer in HTTP")
        case is ChannelError: return broken("the connection to \(endpoint) broke")
        default: return broken("the request to \(endpoint) failed (\(type(of: error)))")
        }
    }

    private static func expired(
        _ phase: AttemptExpired.Phase,
        _ endpoint: String,
        _ timeout: Duration
    ) -> CallFailure {
        let words =
            switch phase {
            case .connecting: "no connection to \(endpoint) within \(min(timeout, .seconds(10)))"
            case .waiting: "no answer of \(endpoint) within \(timeout)"
            case .receiving: "the answer of \(endpoint) began, but had no end within \(timeout)"
            }
        return CallFailure("timeout", words, remedy: .again, signal: .late, reached: phase != .connecting)
    }

    private static func broken(_ words: String, reached: Bool = true) -> CallFailure {
        CallFailure("model_unavailable", words, remedy: .again, signal: .broken, reached: reached)
    }

    private static func system(_ error: IOError, _ endpoint: String) -> CallFailure {
        switch error.errnoCode {
        case ECONNREFUSED: broken("\(endpoint) refuses connections", reached: false)
        case ECONNRESET, EPIPE: broken("\(endpoint) reset the connection")
        default:
            broken(
                "the connection to \(endpoint) failed: \(String(cString: strerror(error.errnoCode)))",
                reached: false
            )
        }
    }
}
