// The application under test, as the loop sees it.

public import EvalJSON

/// One call of the application.
public struct PredictRequest: Sendable {
    /// An earlier turn of the same conversation.
    public struct Turn: Sendable {
        /// What the application was asked: an object.
        public var inputs: JSON
        /// What it answered; null where that failed.
        public var outputs: JSON

        /// Makes a turn.
        public init(inputs: JSON, outputs: JSON) {
            self.inputs = inputs
            self.outputs = outputs
        }
    }

    /// The row's identifier, which is its trace's.
    public var id: PublicID
    /// What the application is asked: an object.
    public var inputs: JSON
    /// The conversation that the row is a turn of.
    public var sessionID: String?
    /// The turns before this one; nil outside of conversations.
    public var history: [Turn]?

    /// Makes a request.
    public init(id: PublicID, inputs: JSON, sessionID: String? = nil, history: [Turn]? = nil) {
        self.id = id
        self.inputs = inputs
        self.sessionID = sessionID
        self.history = history
    }

    /// The span of the row's root, which what the application traces itself belongs under.
    public static let rootSpan: UInt64 = 1

    /// The W3C Trace Context header of the row's trace and root span.
    public var traceparent: String {
        let span = String(Self.rootSpan, radix: 16)
        return "00-\(id.hexadecimal)-\(String(repeating: "0", count: 16 - span.count))\(span)-01"
    }

    /// The request as applications get it, in a line or in a body: `id`, `inputs`, `traceparent`, and within
    /// conversations `session_id` and `history`.
    public var json: JSON {
        var members: [(String, JSON)] = [
            ("id", JSON(id.hexadecimal)), ("inputs", inputs), ("traceparent", JSON(traceparent)),
        ]
        if let sessionID { members.append(("session_id", JSON(sessionID))) }
        if let history {
            let turns = history.map { turn -> JSON in ["inputs": turn.inputs, "outputs": turn.outputs] }
            members.append(("history", .array(turns)))
        }
        return .object(members)
    }
}

/// What the application answered.
public struct Prediction: Sendable {
    /// The answer.
    public var outputs: JSON
    /// What happened inside, as children of the row's root span.
    public var spans: [Span]
    /// The application's own trace as it gave it, in MLflow's JSON; the loop reads it.
    public var trace: JSON?
    /// The tokens of the whole call.
    public var usage: TokenUsage?
    /// What the whole call cost, in US dollars.
    public var costUSD: Double?
    /// What the application wrote to its standard error meanwhile.
    public var log: String?
    /// How long the application had the request; nil where that is the whole call.
    public var elapsed: Duration?

    /// Makes a prediction.
    public init(
        outputs: JSON,
        spans: [Span] = [],
        trace: JSON? = nil,
        usage: TokenUsage? = nil,
        costUSD: Double? = nil,
        log: String? = nil,
        elapsed: Duration? = nil
    ) {
        self.outputs = outputs
        self.spans = spans
        self.trace = trace
        self.usage = usage
        self.costUSD = costUSD
        self.log = log
        self.elapsed = elapsed
    }
}

/// Why one attempt of a call failed, and whether another one may help.
public struct PredictFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened, for people: without text of the row and without keys.
    public var message: String
    /// Whether the loop may try again.
    public var isRetryable: Bool
    /// How long the endpoint wants to be left alone; such a failure doesn't count as an attempt.
    public var retryAfter: Duration?
    /// The end of what the application wrote to its standard error.
    public var log: String?

    /// Makes a failure.
    public init(_ message: String, isRetryable: Bool = false, retryAfter: Duration? = nil, log: String? = nil) {
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
        self.log = log
    }

    /// The message, and the log where there is one.
    public var description: String { log.map { "\(message)\n\($0)" } ?? message }
}

/// Asks the application.
public protocol Predictor: Sendable {
    /// Makes one attempt at one request.
    ///
    /// It has a deadline of its own for the attempt; the loop decides about further ones.
    /// - Throws: A ``PredictFailure``, or any error, which is not tried again; its description is kept with the row.
    func predict(_ request: PredictRequest) async throws -> Prediction

    /// Ends what the predictor keeps open, such as processes and connections; called once, at the end of the run.
    func close() async
}

extension Predictor {
    /// Most predictors keep nothing open.
    public func close() async {}
}

/// A closure of the program that evaluates.
public struct ClosurePredictor: Predictor {
    private let body: @Sendable (JSON) async throws -> JSON

    /// Wraps a closure from inputs to outputs.
    public init(_ body: @escaping @Sendable (JSON) async throws -> JSON) {
        self.body = body
    }

    /// Calls the closure.
    public func predict(_ request: PredictRequest) async throws -> Prediction {
        Prediction(outputs: try await body(request.inputs))
    }
}
