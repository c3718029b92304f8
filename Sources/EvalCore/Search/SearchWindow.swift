// A part of what a search found.

/// Which part of what is found a search gives.
public struct SearchWindow: Sendable, Equatable {
    /// How many come before it.
    public var offset: Int
    /// How many it has at most.
    public var limit: Int

    /// Makes a window.
    public init(offset: Int = 0, limit: Int) {
        self.offset = offset
        self.limit = limit
    }
}

/// What a search found in its window.
public struct SearchResult<Found: Sendable>: Sendable {
    /// What was found.
    public var found: [Found]
    /// Whether there is more behind the window.
    public var hasMore: Bool

    /// Makes a result.
    public init(_ found: [Found], hasMore: Bool) {
        self.found = found
        self.hasMore = hasMore
    }
}
