// A limit on everything that somebody else decides the size of. Units are in the names.

/// The bounds that the host keeps, whatever it is given.
public enum Limits {
    /// The largest row, in bytes of its JSON text.
    public static let rowBytes = 64 << 20
    /// Rows that travel through the loop together.
    public static let batchRows = 256
    /// Bytes after which a batch of rows ends.
    public static let batchBytes = 1 << 20
    /// Rows in one transaction of the store.
    public static let commitRows = 512
    /// How long a finished row waits for others before it is committed.
    public static let commitDelay = Duration.milliseconds(50)
    /// The largest rationale of a scorer, in bytes of UTF-8.
    public static let rationaleBytes = 64 << 10
    /// The largest text value or metadata of a scorer, in bytes of UTF-8.
    public static let valueBytes = 1 << 20
    /// The longest message of a scorer's error, in bytes of UTF-8.
    public static let errorMessageBytes = 4 << 10
    /// Feedbacks of one scorer on one row.
    public static let feedbacksPerRow = 64
    /// How long a plugin may take for one row.
    public static let pluginRow = Duration.seconds(10)
    /// How long a plugin may take to load, and to make an instance.
    public static let pluginLoad = Duration.seconds(10)
    /// How long one attempt of a predictor's call may take.
    public static let attempt = Duration.seconds(60)
    /// The most attempts of one call.
    public static let attempts = 10
    /// How long a row may take with all its retries.
    public static let row = Duration.seconds(600)
    /// How long a writer waits for another process that writes to the store.
    public static let storeBusy = Duration.seconds(30)
    /// A run whose heartbeat is older than this, and whose owner is gone, was interrupted.
    public static let heartbeat = Duration.seconds(5)
    /// The longest filter of a search, in bytes of UTF-8.
    public static let searchFilterBytes = 1 << 20
    /// Conditions of one filter.
    public static let searchConditions = 100
    /// Texts in one list of a filter.
    public static let searchListTexts = 10_000
    /// Steps of a filter's regular expression.
    public static let searchExpressionSteps = 10_000
}
