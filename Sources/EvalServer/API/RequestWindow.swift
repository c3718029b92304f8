// Which part of a search's results a request asks for.

internal import EvalCore
internal import EvalJSON

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
            offset: try OffsetToken.offset(text("page_token")),
            limit: try pageSize(standard: standard, most: most)
        )
    }
}

extension SearchResult {
    /// The token of the next page; nil on the last.
    func nextToken(after window: SearchWindow) -> JSON? { OffsetToken.next(window, hasMore) }
}
