// Whether an answer is what its endpoint declares: tests ask for it, with whole sessions of MLflow's client.

internal import EvalJSON

extension Endpoint {
    /// What of an answer isn't as the endpoint declares it; nil where all is.
    func fault(of reply: APIReply) -> String? {
        guard reply.status == status || reply.status == 204 else { return "the status \(reply.status) isn't declared" }
        switch (self.reply, reply.body) {
        case (.json(let fields), .json(let json)):
            let undeclared = Field.undeclared(of: fields, in: json)
            guard undeclared.isEmpty else { return "\(undeclared.joined(separator: ", ")) isn't declared" }
            do throws(APIError) {
                for field in fields { try field.check(json[field.name], at: "") }
                return nil
            } catch {
                return error.message
            }
        case (.text, .text), (.bytes, .bytes), (.bytes, .file), (.events, .stream), (.events, .none): return nil
        default: return "its kind of answer isn't declared"
        }
    }
}

extension Shape {
    /// The members of a value that the shape doesn't have, with where they are.
    func undeclared(in value: JSON, at place: String) -> [String] {
        switch self {
        case .list(let element):
            value.elements.enumerated().flatMap { element.undeclared(in: $1, at: "\(place)[\($0)]") }
        case .map(let element):
            value.members.flatMap { element.undeclared(in: $1, at: "\(place).\($0)") }
        case .object(let fields), .named(_, let fields):
            Field.undeclared(of: fields, in: value, at: place)
        default: []
        }
    }
}

extension Field {
    /// The members of an object that none of the fields is, with where they are.
    static func undeclared(of fields: [Field], in value: JSON, at place: String = "") -> [String] {
        value.members.flatMap { name, member in
            let path = place.isEmpty ? String(name) : "\(place).\(name)"
            guard let field = fields.first(where: { $0.name == String(name) }) else { return [path] }
            return field.shape.undeclared(in: member, at: path)
        }
    }
}
