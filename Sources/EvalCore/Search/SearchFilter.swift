// What somebody searches for: conditions that all hold, and the order of what is found. A wire's grammar makes these
// values, a store makes its query of them.

/// Conditions on what is searched; all of them hold.
public struct SearchFilter: Sendable, Equatable {
    /// What kind of thing a condition looks at.
    public enum Entity: String, Sendable, CaseIterable {
        /// A property of the thing itself, such as its name.
        case attribute
        case tag
        case parameter
        case metric
        /// The data set that a run was given: `name`, `digest` or `context`.
        case dataset
        /// Metadata of a trace.
        case metadata
        /// A property of a span: `name`, `type`, `status` or `content`.
        case span
        /// An attribute of a span, by its key.
        case spanAttribute
        /// A feedback's value, by the feedback's name.
        case feedback
        /// An expectation's value, by its name.
        case expectation
        /// An issue that a trace is said to have: `id`.
        case issue
    }

    /// How a condition compares.
    public enum Comparator: String, Sendable, CaseIterable {
        case equal = "="
        case unequal = "!="
        case below = "<"
        case atMost = "<="
        case above = ">"
        case atLeast = ">="
        /// `%` is any text, `_` any character.
        case like = "LIKE"
        /// As `like`, without regard to upper and lower case.
        case caselessLike = "ILIKE"
        /// A regular expression that is found anywhere in the text.
        case matches = "RLIKE"
        case among = "IN"
        case notAmong = "NOT IN"
        case isNull = "IS NULL"
        case isNotNull = "IS NOT NULL"
    }

    /// What a condition compares with.
    public enum Value: Sendable, Equatable {
        case text(String)
        case number(Double)
        /// The texts of `IN` and `NOT IN`, at least one.
        case texts([String])
        /// Nothing, of `IS NULL` and `IS NOT NULL`.
        case nothing
    }

    /// One comparison.
    public struct Condition: Sendable, Equatable {
        /// What kind of thing it looks at.
        public var entity: Entity
        /// Which one, by its canonical name.
        public var key: String
        /// How it compares.
        public var comparator: Comparator
        /// What it compares with.
        public var value: Value

        /// Makes a condition.
        public init(_ entity: Entity, _ key: String, _ comparator: Comparator, _ value: Value = .nothing) {
            self.entity = entity
            self.key = key
            self.comparator = comparator
            self.value = value
        }
    }

    /// The conditions in the order in which they were written.
    public var conditions: [Condition]

    /// Makes a filter; without conditions everything is found.
    public init(_ conditions: [Condition] = []) { self.conditions = conditions }
}

/// One key by which what was found is sorted.
public struct SearchOrder: Sendable, Equatable {
    /// What kind of thing it looks at.
    public var entity: SearchFilter.Entity
    /// Which one, by its canonical name.
    public var key: String
    /// Whether the lowest comes first.
    public var isAscending: Bool

    /// Makes an order.
    public init(_ entity: SearchFilter.Entity, _ key: String, isAscending: Bool = true) {
        self.entity = entity
        self.key = key
        self.isAscending = isAscending
    }
}
