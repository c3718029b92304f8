// Why a store doesn't do what it was asked: nothing is wrong with the store, the request can't be met.

/// Why a store doesn't do what it was asked.
public struct Refusal: Error, Sendable, Equatable {
    /// What kind of reason it is.
    public enum Kind: Sendable {
        /// Something that is named isn't there; MLflow's RESOURCE_DOES_NOT_EXIST.
        case missing
        /// Something that shall be made is there already; MLflow's RESOURCE_ALREADY_EXISTS.
        case exists
        /// A value can't be taken; MLflow's INVALID_PARAMETER_VALUE.
        case invalid
    }

    /// What kind of reason it is.
    public var kind: Kind
    /// What happened, and what to do.
    public var message: String

    /// Makes a refusal.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Something that is named isn't there.
    public static func missing(_ message: String) -> Refusal { Refusal(.missing, message) }
    /// Something that shall be made is there already.
    public static func exists(_ message: String) -> Refusal { Refusal(.exists, message) }
    /// A value can't be taken.
    public static func invalid(_ message: String) -> Refusal { Refusal(.invalid, message) }
}
