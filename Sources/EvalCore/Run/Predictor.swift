// The application under test, as the loop sees it.

public import EvalJSON

/// One call of the application.
public struct PredictRequest: Sendable {
    /// The row's identifier, which is its trace's.
    public var id: PublicID
    /// What the application is asked: an object.
    public var inputs: JSON
    /// The conversation that the row is a turn of.
    public var sessionID: String?

    /// Makes a request.
    public init(id: PublicID, inputs: JSON, sessionID: String? = nil) {
        self.id = id
        self.inputs = inputs
        self.sessionID = sessionID
    }
}

/// What the application answered.
public struct Prediction: Sendable {
    /// The answer.
    public var outputs: JSON
    /// What happened inside, as children of the row's root span.
    public var spans: [Span]

    /// Makes a prediction.
    public init(outputs: JSON, spans: [Span] = []) {
        self.outputs = outputs
        self.spans = spans
    }
}

/// Asks the application.
public protocol Predictor: Sendable {
    /// Answers one request.
    ///
    /// - Throws: Any error; its description is kept with the row.
    func predict(_ request: PredictRequest) async throws -> Prediction
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
