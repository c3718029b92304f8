// Problems that traces have in common; a trace is said to have one by an assessment.

/// A problem that traces have in common.
public struct Issue: Sendable, Equatable {
    /// How far it is.
    public enum Status: String, Sendable, CaseIterable {
        case pending
        case rejected
        case resolved
    }

    /// How bad it is, the least first.
    public enum Severity: String, Sendable, CaseIterable {
        case notAnIssue = "not_an_issue"
        case low
        case medium
        case high
    }

    /// The issue's identifier.
    public var id: PublicID
    /// The experiment whose traces have it.
    public var experiment: Int64
    /// A few words.
    public var name: String
    /// More words.
    public var description: String
    /// How far it is.
    public var status: Status
    /// How bad it is.
    public var severity: Severity?
    /// Why it is.
    public var causes: [String]
    /// What kinds of problem it is.
    public var categories: [String]
    /// The run that found it.
    public var run: String?
    /// Who made it.
    public var author: String?
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64

    /// The identifier as clients know it: `iss-` and 32 digits.
    public var publicID: String { "iss-" + id.hexadecimal }

    /// Describes an issue.
    public init(
        id: PublicID,
        experiment: Int64,
        name: String,
        description: String,
        status: Status = .pending,
        severity: Severity? = nil,
        causes: [String] = [],
        categories: [String] = [],
        run: String? = nil,
        author: String? = nil,
        createdMilliseconds: Int64 = 0,
        updatedMilliseconds: Int64 = 0
    ) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.description = description
        self.status = status
        self.severity = severity
        self.causes = causes
        self.categories = categories
        self.run = run
        self.author = author
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
    }
}

/// A change of an issue; what is nil stays.
public struct IssueChange: Sendable, Equatable {
    /// A few words.
    public var name: String?
    /// More words.
    public var description: String?
    /// How far it is.
    public var status: Issue.Status?
    /// How bad it is.
    public var severity: Issue.Severity?

    /// Changes nothing yet.
    public init(
        name: String? = nil,
        description: String? = nil,
        status: Issue.Status? = nil,
        severity: Issue.Severity? = nil
    ) {
        self.name = name
        self.description = description
        self.status = status
        self.severity = severity
    }
}

/// Keeps issues.
///
/// Everything throws a Refusal where the request can't be met.
public protocol IssueStore: Sendable {
    /// Keeps an issue; its identifier and times are made by the store.
    func createIssue(_ issue: Issue) async throws -> Issue

    /// An issue.
    func issue(_ id: PublicID) async throws -> Issue

    /// Changes an issue.
    func changeIssue(_ id: PublicID, _ change: IssueChange) async throws -> Issue

    /// Finds issues, the worst first, then the newest.
    ///
    /// - Parameters:
    ///   - experiment: Whose issues; nil for those of all.
    ///   - filter: What is wanted.
    ///   - window: Which part of what is found is given.
    /// - Returns: What was found.
    /// - Throws: `invalid`, if a key can't be searched by.
    func searchIssues(
        in experiment: Int64?,
        _ filter: SearchFilter,
        window: SearchWindow
    ) async throws -> SearchResult<Issue>
}
