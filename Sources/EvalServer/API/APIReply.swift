// What a handler answers.

internal import EvalJSON
internal import HTTPTypes
internal import NIOCore

/// An answer.
struct APIReply: Sendable {
    enum Body: Sendable {
        case none
        case json(JSON)
        case text(String)
        case bytes(ByteBuffer)
        /// A file of the store's folder, sent piece by piece.
        case file(path: String)
        /// Pieces as they come, such as server-sent events.
        case stream(AsyncStream<ByteBuffer>)
    }

    var status = 200
    var contentType: String?
    var headers: [(HTTPField.Name, String)] = []
    var body: Body

    /// MLflow's answer of a call that has nothing to tell: `{}`.
    static let empty = APIReply.json(.object([]))

    static func json(_ json: JSON) -> APIReply { APIReply(contentType: "application/json", body: .json(json)) }

    /// An object; members that are nil are left out, as protobuf's JSON does.
    static func object(_ members: [(String, JSON?)]) -> APIReply { .json(.object(present: members)) }

    static func text(_ text: String) -> APIReply {
        APIReply(contentType: "text/plain; charset=utf-8", body: .text(text))
    }
}

extension JSON {
    /// An object of the members that are there; null is as absent as nil.
    static func object(present members: [(String, JSON?)]) -> JSON {
        .object(members.compactMap { name, value in value?.unlessNull.map { (name, $0) } })
    }
}
