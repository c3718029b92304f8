// Arguments that calls about registries share.

internal import EvalCore
internal import EvalJSON

/// Reads arguments of calls about registries.
enum RegistryArguments {
    static let experiment = Field("experiment_id", required: true, "The experiment, a number in a text")

    /// The experiment of a request.
    static func experiment(_ request: APIRequest) throws(APIError) -> Int64 {
        try experiment(request.required("experiment_id"))
    }

    /// An experiment by the text of its number.
    static func experiment(_ text: String) throws(APIError) -> Int64 {
        guard let id = Int64(text) else {
            throw .invalid("An experiment's id is a whole number, and 'experiment_id' is '\(text.prefix(40))'.")
        }
        return id
    }

    /// An identifier such as `ls-` and 32 hexadecimal digits.
    ///
    /// - Parameters:
    ///   - text: The identifier as it was sent.
    ///   - prefix: What it begins with.
    ///   - what: What it identifies, for the message.
    /// - Returns: The identifier.
    /// - Throws: That there is no such thing; nothing of ours has another form.
    static func id(_ text: String, prefix: String, _ what: String) throws(APIError) -> PublicID {
        guard text.hasPrefix(prefix), let id = PublicID(hexadecimal: String(text.dropFirst(prefix.count))) else {
            throw .missing("\(what) '\(text.prefix(80))' not found.")
        }
        return id
    }
}
