// Several answers to one question, of several models or of one model asked again, become one value.

/// How several answers become one value.
public enum JudgeVote: String, Sendable, CaseIterable {
    /// What more answers say than anything else; a tie is the negative of two values, and no value among labels.
    case majority
    /// Yes only if all say yes.
    case all
    /// Yes as soon as one says yes.
    case any
    /// The mean of numbers.
    case mean
    /// The greatest number.
    case max
    /// The least number.
    case min

    /// What is taken where nothing is said.
    public static func standard(for value: JudgeValue) -> JudgeVote {
        switch value {
        case .boolean, .yesNo, .category: .majority
        case .number, .integer: .mean
        }
    }

    /// Whether values of a kind can be put together so.
    public func fits(_ value: JudgeValue) -> Bool { Self.fitting(value).contains(self) }

    /// The votes that fit values of a kind.
    public static func fitting(_ value: JudgeValue) -> [JudgeVote] {
        switch value {
        case .boolean, .yesNo: [.majority, .all, .any]
        case .category: [.majority]
        case .number, .integer: [.mean, .max, .min]
        }
    }
}
