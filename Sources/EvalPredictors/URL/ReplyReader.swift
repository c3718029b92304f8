// What an endpoint's reply means: outputs, or a failure that may be worth another attempt.

internal import EvalCore
internal import EvalJSON
internal import Foundation
internal import NIOHTTP1

/// A reply in memory.
struct Reply: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: [UInt8]
}

/// Reads replies of one endpoint.
struct ReplyReader: Sendable {
    /// Host and port.
    let endpoint: String
    /// Where the outputs are; nil is `outputs`.
    let outputs: JSONPath?

    /// How much of a reply that isn't understood is kept with the row, in bytes.
    private static let keptBytes = 4 << 10

    /// The prediction in a reply.
    ///
    /// Of the statuses that aren't success, 408, 429 and those from 500 on may be tried again. A redirect is an error:
    /// to follow it would send the row and the headers to somebody whom nobody named.
    func read(_ reply: Reply) throws(PredictFailure) -> Prediction {
        switch reply.status {
        case 200..<300: break
        case 300..<400: throw redirect(reply)
        default: throw refusal(reply)
        }
        let json: JSON
        do throws(JSONError) {
            json = try JSON(parsing: reply.body)
        } catch {
            throw failure("\(endpoint) answered with what is not JSON: \(error)", reply)
        }
        switch AnswerReader.read(json, outputs: outputs) {
        case .success(let prediction): return prediction
        case .failure(var failure):
            if failure.log == nil { failure.log = beginning(reply) }
            throw failure
        }
    }

    private func redirect(_ reply: Reply) -> PredictFailure {
        let place = reply.headers.first(name: "location").flatMap { URL(string: $0) }
        let host = place?.host(percentEncoded: false).map { host in place?.port.map { "\(host):\($0)" } ?? host }
        let target = place == nil ? "" : " to \(host ?? "another path of \(endpoint)")"
        return failure("\(endpoint) answered \(reply.status), a redirect\(target), which is not followed", reply)
    }

    private func refusal(_ reply: Reply) -> PredictFailure {
        var words = "\(endpoint) answered \(reply.status)"
        let reason = HTTPResponseStatus(statusCode: reply.status).reasonPhrase
        if !reason.isEmpty { words += " \(reason)" }
        if let json = try? JSON(parsing: reply.body), let error = json[key: "error"],
            let message = error.string ?? error[key: "message"]?.string
        {
            words += ": " + String(decoding: message.utf8.prefix(Limits.errorMessageBytes), as: UTF8.self)
        }
        var result = failure(words, reply)
        result.isRetryable = reply.status == 408 || reply.status == 429 || reply.status >= 500
        if reply.status == 429 || reply.status == 503 {
            result.retryAfter = reply.headers.first(name: "retry-after").flatMap { RetryAfter.duration($0) }
        }
        return result
    }

    private func failure(_ message: String, _ reply: Reply) -> PredictFailure {
        PredictFailure(message, log: beginning(reply))
    }

    private func beginning(_ reply: Reply) -> String? {
        reply.body.isEmpty ? nil : String(decoding: reply.body.prefix(Self.keptBytes), as: UTF8.self)
    }
}
