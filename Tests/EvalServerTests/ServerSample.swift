// A server of a test.

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
