// What is asked for among assessments of many traces.

/// What is asked for among assessments.
public struct FeedbackSearch: Sendable {
    /// The experiments whose traces are looked at; nil for all.
    public var experimentIDs: [Int64]?
    /// The run in which they were made; nil for any and none.
    public var runID: PublicID?
    /// What is judged; nil for all.
    public var name: String?
    /// Whether those that were overridden are wanted too.
    public var withOverridden: Bool
    /// How many results a page has.
    public var limit: Int
    /// What a page before gave for this one.
    public var token: String?

    /// Makes a search.
    public init(
        experimentIDs: [Int64]? = nil,
        runID: PublicID? = nil,
        name: String? = nil,
        withOverridden: Bool = false,
        limit: Int = 500,
        token: String? = nil
    ) {
        self.experimentIDs = experimentIDs
        self.runID = runID
        self.name = name
        self.withOverridden = withOverridden
        self.limit = limit
        self.token = token
    }
}
