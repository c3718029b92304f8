// Tokens of pages, as MLflow's: base64 of `{"offset": 100}`. They carry nothing that a caller couldn't ask for.

internal import EvalCore
internal import EvalJSON
internal import Foundation

/// What asks for the page after one.
enum PageToken {
    /// The token of the page that begins at an offset.
    static func make(offset: Int) -> String {
        Data(JSON.object([("offset", JSON(offset))]).serialized.utf8).base64EncodedString()
    }

    /// The offset that a token stands for; 0 without one.
    static func offset(_ token: String?) throws(APIError) -> Int {
        guard let token, !token.isEmpty else { return 0 }
        guard let data = Data(base64Encoded: token), let json = try? JSON(parsing: Array(data)),
            let offset = json["offset"]?.integer, offset >= 0, offset <= Int64(Int32.max)
        else { throw .invalid("The page token is none of ours; take it from the page before as it is.") }
        return Int(offset)
    }
}

extension APIRequest {
    /// Which part of a search's results is asked for.
    ///
    /// - Parameters:
    ///   - standard: How many results where nobody says.
    ///   - most: How many at most.
    /// - Returns: The window.
    /// - Throws: A number below 1 or above `most`, or a token that is none of ours.
    func window(standard: Int, most: Int) throws(APIError) -> SearchWindow {
        SearchWindow(
            offset: try PageToken.offset(text("page_token")),
            limit: try pageSize(standard: standard, most: most)
        )
    }
}

extension SearchResult {
    /// The token of the next page; nil on the last.
    func nextToken(after window: SearchWindow) -> JSON? {
        hasMore ? JSON(PageToken.make(offset: window.offset + found.count)) : nil
    }
}
