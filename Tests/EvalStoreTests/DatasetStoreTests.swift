// Data sets that several writers change at once.

import EvalCore
import EvalJSON
import EvalStore
import Foundation
import Testing

@Suite struct DatasetStoreTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalhost-\(UUID().uuidString)")

    private func store() throws -> SQLiteStore {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try SQLiteStore(path: folder.appendingPathComponent("store.db").path)
    }

    @Test("writers that merge the same and other records lose none, and each change is one version")
    func concurrent() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // Two stores on one file are as two processes.
        let stores = [try store(), try store()]
        let made = try await stores[0].createDataset("shared", tags: [:], schema: nil)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for step in 0..<10 {
                        let own: JSON = ["inputs": ["writer": JSON(writer), "step": JSON(step)]]
                        let key = "k\(writer)"
                        let shared: JSON = ["inputs": ["all": true], "expectations": .object([(key, JSON(step))])]
                        _ = try await stores[writer % 2].merge([own, shared], into: made.id) { _ in nil }
                    }
                }
            }
            try await group.waitForAll()
        }
        let dataset = try await stores[1].dataset(named: "shared")
        #expect(dataset.records == 81 && dataset.version == 81)
        let records = try await stores[0].records(of: dataset, after: 0, limit: 1000).records
        #expect(records.count == 81 && Set(records.map(\.id)).count == 81)
        let shared = records.first { $0.content["inputs"] == ["all": true] }
        #expect(shared?.content["expectations"]?.count == 8)
        #expect(shared?.content["expectations"]?.members.allSatisfy { $0.value == 9 } == true)
        let versions = try await stores[0].versions(of: made.id)
        #expect(versions.map(\.number) == (1...81).reversed().map { $0 })
        let first = try await stores[0].dataset(named: "shared@2")
        #expect(first.records == 2 && first.digest == versions[79].digest)
    }

    @Test("what a check refuses undoes all of its merge")
    func refused() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try store()
        let made = try await store.createDataset("strict", tags: [:], schema: nil)
        let contents: [JSON] = [["inputs": ["n": 1]], ["inputs": ["n": 2]]]
        await #expect(throws: Diagnostic.self) {
            try await store.merge(contents, into: made.id) { $0["inputs"]?["n"] == 2 ? "two" : nil }
        }
        let dataset = try await store.dataset(named: "strict")
        #expect(dataset == made)
        #expect(try await store.records(of: dataset, after: 0, limit: 10).records.isEmpty)
    }

    @Test("two data sets of one name are told apart by their identifiers")
    func sameName() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try store()
        let first = try await store.createDataset("twins", tags: [:], schema: nil)
        _ = try await store.createDataset("twins", tags: [:], schema: nil)
        await #expect(throws: Diagnostic.self) { try await store.dataset(named: "twins") }
        #expect(try await store.dataset(named: first.publicID) == first)
        try await store.deleteDataset(first.id)
        #expect(try await store.dataset(named: "twins").id != first.id)
    }
}
