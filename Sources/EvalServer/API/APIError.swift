// What the server refuses, in MLflow's form.

internal import EvalCore
internal import EvalJSON

/// A refusal: a status, and MLflow's `error_code` and `message`.
public struct APIError: Error, Sendable {
    /// MLflow's names of errors, which clients branch on.
    public enum Code: String, Sendable, CaseIterable {
        case badRequest = "BAD_REQUEST"
        case invalidParameterValue = "INVALID_PARAMETER_VALUE"
        case invalidState = "INVALID_STATE"
        case resourceDoesNotExist = "RESOURCE_DOES_NOT_EXIST"
        case resourceAlreadyExists = "RESOURCE_ALREADY_EXISTS"
        case unauthenticated = "UNAUTHENTICATED"
        case permissionDenied = "PERMISSION_DENIED"
        case endpointNotFound = "ENDPOINT_NOT_FOUND"
        case requestLimitExceeded = "REQUEST_LIMIT_EXCEEDED"
        case temporarilyUnavailable = "TEMPORARILY_UNAVAILABLE"
        case internalError = "INTERNAL_ERROR"
        case notImplemented = "NOT_IMPLEMENTED"

        /// The status that goes with the code.
        var status: Int {
            switch self {
            case .badRequest, .invalidParameterValue, .invalidState, .resourceAlreadyExists: 400
            case .unauthenticated: 401
            case .permissionDenied: 403
            case .resourceDoesNotExist, .endpointNotFound: 404
            case .requestLimitExceeded: 429
            case .temporarilyUnavailable: 503
            case .internalError: 500
            case .notImplemented: 501
            }
        }
    }

    /// MLflow's name of the error.
    public var code: Code
    /// What happened, where, and what to do.
    public var message: String
    /// The status of the reply.
    public var status: Int
    /// Whether the answer has MLflow's form also where others are `{"detail": …}`.
    var isInMLflowsForm = false

    /// Makes a refusal; the status is the code's unless it is told.
    public init(_ code: Code, _ message: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.status = status ?? code.status
    }

    /// The same refusal, in MLflow's form wherever it happens.
    var inMLflowsForm: APIError {
        var error = self
        error.isInMLflowsForm = true
        return error
    }

    /// A value that can't be taken.
    public static func invalid(_ message: String) -> APIError { APIError(.invalidParameterValue, message) }

    /// Something that isn't there.
    public static func missing(_ what: String) -> APIError { APIError(.resourceDoesNotExist, what) }

    /// Something that is there already.
    public static func exists(_ what: String) -> APIError { APIError(.resourceAlreadyExists, what) }

    /// The body that clients read.
    var body: JSON { .object([("error_code", JSON(code.rawValue)), ("message", JSON(message))]) }
}
