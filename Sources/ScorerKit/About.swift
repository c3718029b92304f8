// What a scorer says about itself, once, before the first row.

/// A scorer's description: the host checks rows and values against it, and makes help, schema and forms of it.
public struct About: Sendable {
    /// A scorer's name: lower-case letters, digits and underscores, at most 63, a letter first.
    public let name: String
    let help: String
    let reads: [Field]
    let value: ValueType?
    let unit: String?
    let direction: Direction
    let pass: String?
    let aggregations: [Aggregation]
    let feedbacks: [Feedback]
    let settings: [Setting]
    let traits: Traits

    /// Describes a scorer.
    ///
    /// - Parameters:
    ///   - name: Lower-case letters, digits and underscores, at most 63, a letter first.
    ///   - help: One line for people.
    ///   - reads: The fields that the scorer gets of a row, or of each turn.
    ///   - value: What the values look like; nil if the scorer answers by `feedbacks` alone.
    ///   - unit: Such as "grade" or "ms".
    ///   - direction: Whether more is better.
    ///   - pass: When a row passes: `>= 0.8`, or labels separated by `|`. Without it no pass rate is printed.
    ///   - aggregations: How values become metrics; none: the mean.
    ///   - feedbacks: Further named values of a row, added by ``Score/adding(_:_:)``.
    ///   - settings: Help and bounds of settings, where their names don't say enough.
    ///   - traits: What the host may rely on.
    public init(
        _ name: String,
        help: String = "",
        reads: [Field],
        value: ValueType?,
        unit: String? = nil,
        direction: Direction = .none,
        pass: String? = nil,
        aggregations: [Aggregation] = [],
        feedbacks: [Feedback] = [],
        settings: [Setting] = [],
        traits: Traits = []
    ) {
        self.name = name
        self.help = help
        self.reads = reads
        self.value = value
        self.unit = unit
        self.direction = direction
        self.pass = pass
        self.aggregations = aggregations
        self.feedbacks = feedbacks
        self.settings = settings
        self.traits = traits
    }

    /// A further named value of a scorer, reported as `instance/name`.
    public struct Feedback: Sendable {
        let name: String
        let value: ValueType
        let help: String
        let unit: String?
        let direction: Direction
        let pass: String?
        let aggregations: [Aggregation]

        /// Declares a further value.
        ///
        /// - Parameters:
        ///   - name: As a scorer's name.
        ///   - value: What the values look like.
        ///   - help: One line for people.
        ///   - unit: Such as "grade" or "ms".
        ///   - direction: Whether more is better.
        ///   - pass: When a row passes.
        ///   - aggregations: How values become metrics; none: the mean.
        public init(
            _ name: String,
            _ value: ValueType,
            help: String = "",
            unit: String? = nil,
            direction: Direction = .none,
            pass: String? = nil,
            aggregations: [Aggregation] = []
        ) {
            self.name = name
            self.value = value
            self.help = help
            self.unit = unit
            self.direction = direction
            self.pass = pass
            self.aggregations = aggregations
        }
    }

    /// What a setting's name and default don't say.
    public struct Setting: Sendable {
        let key: String
        let help: String
        let minimum: Double?
        let maximum: Double?
        let choices: [String]

        /// Describes a setting.
        ///
        /// - Parameters:
        ///   - key: The property's name, or the key that users write.
        ///   - help: One line for people.
        ///   - minimum: The least number allowed.
        ///   - maximum: The greatest number allowed.
        ///   - choices: The only texts allowed; none: any.
        public init(
            _ key: String,
            help: String = "",
            minimum: Double? = nil,
            maximum: Double? = nil,
            choices: [String] = []
        ) {
            self.key = snakeCase(key)
            self.help = help
            self.minimum = minimum
            self.maximum = maximum
            self.choices = choices
        }
    }

    /// Which values are better.
    public enum Direction: Sendable {
        /// Neither.
        case none
        /// More is better.
        case higherIsBetter
        /// Less is better.
        case lowerIsBetter
    }

    /// How the values of a run become a metric.
    public enum Aggregation: String, Sendable {
        /// A name in `scorer/aggregation`.
        case mean, min, max, median, variance, p90, stderr
        /// The share of rows that pass.
        case passRate = "pass_rate"
    }

    /// What the host may rely on.
    public struct Traits: OptionSet, Sendable {
        /// The bits, as in the C header.
        public let rawValue: UInt32

        /// A set of traits by its bits.
        ///
        /// - Parameter rawValue: As in the C header.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// One instance may score on several threads at once, in process.
        public static let threadSafe = Traits(rawValue: 1)
        /// The same row and settings give the same answer.
        public static let deterministic = Traits(rawValue: 2)
        /// Asks the run's judge, see ``Judge``.
        ///
        /// Without it there is none for a scorer, and with it no instance is made where the run has none. The scorer
        /// gets as many threads as the judge takes calls, an instance on each, with stacks of 512 KiB.
        public static let callsJudge = Traits(rawValue: 4)
    }
}
