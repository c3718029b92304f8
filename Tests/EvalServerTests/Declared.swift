// What a server declares, and what of a value nobody declared.

import EvalCore
import EvalJSON
import EvalStore
import Foundation

@testable import EvalServer

/// A server on a store in memory.
enum ServerSample {
    static func services(
        _ store: SQLiteStore,
        shelf: any ScorerShelf = SmallShelf(),
        starter: any EvaluationStarter = ScriptedStarter()
    ) -> ServerServices {
        ServerServices(
            store: store,
            artifactsPath: FileManager.default.temporaryDirectory.path + "/evalhost-\(UUID().uuidString)",
            price: { _, _, _ in nil },
            shelf: shelf,
            starter: starter,
            recordCheck: { _ in { _ in nil } }
        )
    }

    static func server() throws -> Server {
        Server(configuration: ServerConfiguration(port: 0), services: services(try SQLiteStore(path: ":memory:")))
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
