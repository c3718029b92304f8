// Traces that wait for reviewers, and how far they are.

/// A queue of traces that wait for reviewers.
public struct ReviewQueue: Sendable, Equatable {
    /// Whose queue it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// One person's own; it asks all questions of the experiment.
        case user = "USER"
        /// One with a name of its own.
        case custom = "CUSTOM"
    }

    /// The queue's identifier.
    public var id: PublicID
    /// The experiment whose traces wait.
    public var experiment: Int64
    /// What people call it; capitals make no other name.
    public var name: String
    /// Whose queue it is.
    public var kind: Kind
    /// Who made it.
    public var author: String?
    /// Who reviews, in small letters.
    public var users: [String]
    /// What they are asked.
    public var schemas: [PublicID]
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64

    /// The identifier as clients know it: `rq-` and 32 digits.
    public var publicID: String { "rq-" + id.hexadecimal }

    /// Describes a queue.
    public init(
        id: PublicID,
        experiment: Int64,
        name: String,
        kind: Kind,
        author: String? = nil,
        users: [String] = [],
        schemas: [PublicID] = [],
        createdMilliseconds: Int64 = 0,
        updatedMilliseconds: Int64 = 0
    ) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.kind = kind
        self.author = author
        self.users = users
        self.schemas = schemas
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
    }
}

/// A change of a queue; what is nil stays.
public struct ReviewQueueChange: Sendable, Equatable {
    /// The name that it shall have.
    public var name: String?
    /// Who shall be its author.
    public var author: String?
    /// Who shall review.
    public var users: [String]?
    /// What they shall be asked; only while nothing waits.
    public var schemas: [PublicID]?

    /// Changes nothing yet.
    public init(
        name: String? = nil,
        author: String? = nil,
        users: [String]? = nil,
        schemas: [PublicID]? = nil
    ) {
        self.name = name
        self.author = author
        self.users = users
        self.schemas = schemas
    }
}

/// A trace in a queue.
public struct ReviewItem: Sendable, Equatable {
    /// How far it is.
    public enum Status: String, Sendable, CaseIterable {
        case pending = "PENDING"
        case complete = "COMPLETE"
        case declined = "DECLINED"
    }

    /// The queue.
    public var queue: PublicID
    /// The trace's identifier, as clients know it.
    public var item: String
    /// How far it is.
    public var status: Status
    /// Who completed or declined it.
    public var reviewer: String?
    /// When that was, in milliseconds since 1970.
    public var completedMilliseconds: Int64?
    /// When it was put there, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64

    /// Describes an item.
    public init(
        queue: PublicID,
        item: String,
        status: Status,
        reviewer: String?,
        completedMilliseconds: Int64?,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64
    ) {
        self.queue = queue
        self.item = item
        self.status = status
        self.reviewer = reviewer
        self.completedMilliseconds = completedMilliseconds
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
    }
}

/// Keeps queues of traces that wait for reviewers.
///
/// Everything throws a Refusal where the request can't be met.
public protocol ReviewQueueStore: Sendable {
    /// Keeps a queue; its identifier and times are made by the store.
    ///
    /// - Throws: `exists`, if the experiment has one of that name, `invalid` for unknown questions, or `missing`.
    func createReviewQueue(_ queue: ReviewQueue) async throws -> ReviewQueue

    /// A queue.
    func reviewQueue(_ id: PublicID) async throws -> ReviewQueue

    /// A queue of an experiment by its name.
    func reviewQueue(named name: String, in experiment: Int64) async throws -> ReviewQueue

    /// The queues of an experiment, the newest first.
    ///
    /// - Parameters:
    ///   - experiment: Whose queues.
    ///   - user: Only those that this person reviews; nil for all.
    ///   - item: Only those in which this trace is; nil for all.
    ///   - window: Which part of them is given.
    /// - Returns: The queues.
    /// - Throws: `missing`, if there is no such experiment.
    func reviewQueues(
        in experiment: Int64,
        of user: String?,
        with item: String?,
        window: SearchWindow
    ) async throws -> SearchResult<ReviewQueue>

    /// Changes a queue that isn't one person's own.
    ///
    /// - Throws: `exists`, `missing`, or `invalid`, if it is one's own or its questions are locked.
    func changeReviewQueue(_ id: PublicID, _ change: ReviewQueueChange) async throws -> ReviewQueue

    /// Forgets a queue; assessments stay. One that isn't there is no error.
    func deleteReviewQueue(_ id: PublicID) async throws

    /// Puts traces into a queue; those that are there stay as they are.
    ///
    /// - Throws: `missing`, also for a trace that isn't there.
    func addItems(_ items: [String], to queue: PublicID) async throws -> [ReviewItem]

    /// Takes traces out of a queue.
    func removeItems(_ items: [String], from queue: PublicID) async throws

    /// The traces in a queue, the newest first.
    ///
    /// - Parameters:
    ///   - queue: The queue.
    ///   - status: Only those that are so far; nil for all.
    ///   - window: Which part of them is given.
    /// - Returns: The traces.
    /// - Throws: `missing`.
    func items(
        of queue: PublicID,
        status: ReviewItem.Status?,
        window: SearchWindow
    ) async throws -> SearchResult<ReviewItem>

    /// Says how far a trace is; who said it first stays.
    ///
    /// - Parameters:
    ///   - status: How far it is.
    ///   - item: The trace.
    ///   - queue: The queue.
    ///   - reviewer: Who completed or declined it.
    /// - Returns: The item.
    /// - Throws: `missing`.
    func setStatus(
        _ status: ReviewItem.Status,
        of item: String,
        in queue: PublicID,
        by reviewer: String?
    ) async throws -> ReviewItem
}
