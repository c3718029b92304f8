// The errors that ScorerKit understands. Every other error becomes the row's error with its description as message.

/// A row couldn't be scored: the message, for people, without the row's text.
public struct ScoringError: Error, CustomStringConvertible {
    /// What went wrong.
    public let description: String

    /// An error with a message.
    ///
    /// - Parameter message: What went wrong, for people.
    public init(_ message: String) { description = message }
}

/// A transient failure: the host asks once more, later.
public struct RetryError: Error, CustomStringConvertible {
    /// What went wrong.
    public let description: String

    /// A transient failure with a message.
    ///
    /// - Parameter message: What went wrong, for people.
    public init(_ message: String) { description = message }
}

/// A setting can't be used: the host prints it with file, line and column of the setting.
public struct SettingError: Error, CustomStringConvertible {
    /// The setting's key, `maximumGrade` or `maximum_grade`.
    public let key: String
    /// What is wrong with its value.
    public let description: String

    /// An error of one setting.
    ///
    /// - Parameters:
    ///   - key: The property's name, or the key that users write.
    ///   - message: What is wrong with its value, such as "must not be negative".
    public init(_ key: String, _ message: String) {
        self.key = key
        description = message
    }
}

/// The judge gave no reply: its budget is spent, say, or the model can't be reached.
///
/// The host has retried already.
public struct JudgeError: Error, CustomStringConvertible {
    /// Why there is no reply.
    public let description: String

    init(_ message: String) { description = message }
}
