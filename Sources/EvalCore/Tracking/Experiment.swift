// Experiments: what runs and traces are kept in.

/// What runs and traces of one subject are kept in.
public struct Experiment: Sendable, Equatable {
    /// The experiment's number; 0 is the one called Default.
    public var id: Int64
    /// What people call it; no two have the same name.
    public var name: String
    /// When it was made, in milliseconds since 1970.
    public var createdMilliseconds: Int64
    /// When it was last changed, in milliseconds since 1970.
    public var updatedMilliseconds: Int64
    /// Whether it was deleted; it can be restored.
    public var isDeleted: Bool
    /// Words of the person's own, by key.
    public var tags: [(key: String, value: String)]

    /// Makes an experiment's record.
    public init(
        id: Int64,
        name: String,
        createdMilliseconds: Int64,
        updatedMilliseconds: Int64,
        isDeleted: Bool = false,
        tags: [(key: String, value: String)] = []
    ) {
        self.id = id
        self.name = name
        self.createdMilliseconds = createdMilliseconds
        self.updatedMilliseconds = updatedMilliseconds
        self.isDeleted = isDeleted
        self.tags = tags
    }

    /// Whether two records say the same.
    public static func == (left: Experiment, right: Experiment) -> Bool {
        left.id == right.id && left.name == right.name && left.createdMilliseconds == right.createdMilliseconds
            && left.updatedMilliseconds == right.updatedMilliseconds && left.isDeleted == right.isDeleted
            && left.tags.elementsEqual(right.tags, by: ==)
    }
}

/// Which of them a search looks at; MLflow's `ViewType`.
public enum LifecycleView: String, Sendable, CaseIterable {
    case active = "ACTIVE_ONLY"
    case deleted = "DELETED_ONLY"
    case all = "ALL"
}

/// A page of results.
public struct ResultPage<Element: Sendable>: Sendable {
    /// The results.
    public var elements: [Element]
    /// What asks for the page after this one; nil on the last.
    public var nextToken: String?

    /// Makes a page.
    public init(_ elements: [Element], nextToken: String? = nil) {
        self.elements = elements
        self.nextToken = nextToken
    }
}
