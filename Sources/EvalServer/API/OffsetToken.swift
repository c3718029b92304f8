// Tokens of pages that are counted: what follows a number of results.

internal import EvalCore
internal import EvalJSON
internal import Foundation

enum OffsetToken {
    /// The token for what follows `offset` results.
    static func token(_ offset: Int) -> String {
        Data(JSON.object([("offset", JSON(Int64(offset)))]).serialized.utf8).base64EncodedString()
    }

    /// The token of the window after one; nil where nothing follows.
    static func next(_ window: SearchWindow, _ hasMore: Bool) -> JSON? {
        hasMore ? JSON(token(window.offset + window.limit)) : nil
    }

    /// How many results come before; 0 without a token.
    static func offset(_ token: String?) throws(APIError) -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard let bytes = Data(base64Encoded: token), let json = try? JSON(parsing: Array(bytes)),
            let offset = json[key: "offset"]?.integer, offset >= 0, offset <= 1 << 52
        else { throw .invalid("Invalid page token; take `next_page_token` of the page before.") }
        return Int(offset)
    }
}
