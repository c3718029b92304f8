import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Testing

@Suite("Discovery")
struct DiscoveryTests {
    @Test("libraries are found at two depths, sorted by bytes, without dot folders and without anything deeper")
    func candidates() throws {
        let workshop = try Workshop()
        for path in ["b.so", "B.so", "a/a.so", "c/other.so", ".hidden/.hidden.so", ".x.so", "d/d/d.so", "notes.txt"] {
            let file = URL(fileURLWithPath: "\(workshop.plugins)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: file)
        }
        let found = try PluginFile.candidates(in: workshop.plugins).map { $0.path.dropFirst(workshop.plugins.count + 1) }
        #expect(found == ["B.so", "a/a.so", "b.so"])
    }

    @Test("a folder that isn't there is a refusal that says what --plugins wants")
    func missingFolder() async {
        let catalog = await PluginCatalog.open(["/no/such/folder"], options: PluginOptions(hostVersion: "0"))
        #expect(
            catalog.refusals.map(\.description) == [
                "/no/such/folder: the plugin folder can't be read\n  --plugins names a folder that has libraries (*.so) in it."
            ])
    }

    @Test("two libraries of one name: the second is refused and names the first")
    func sameName() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.plainSource, to: "a.so")
        try workshop.compile(workshop.plainSource + "\nint other;", to: "b.so")
        let catalog = await workshop.catalog()
        #expect(catalog.libraries.map(\.file.name) == ["a.so"])
        #expect(catalog.refusals.map(\.message) == ["the library plain is already loaded from \(workshop.plugins)/a.so"])
    }

    @Test("a description that was kept is used without loading the library")
    func cache() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.plainSource)
        let cold = await workshop.catalog(workshop.options(cache: true))
        #expect(cold.descriptors.map(\.qualifiedName) == ["plain@plain"])
        #expect(FileManager.default.fileExists(atPath: workshop.marker))

        try FileManager.default.removeItem(atPath: workshop.marker)
        let warm = await workshop.catalog(workshop.options(cache: true))
        #expect(warm.libraries.map(\.description) == cold.libraries.map(\.description))
        #expect(warm.libraries.map(\.digest) == cold.libraries.map(\.digest))
        #expect(!FileManager.default.fileExists(atPath: workshop.marker))
    }

    @Test("a file with the same bytes and another time isn't loaded either")
    func cacheByDigest() async throws {
        let workshop = try Workshop()
        let library = try workshop.compile(workshop.plainSource)
        _ = await workshop.catalog(workshop.options(cache: true))
        try FileManager.default.removeItem(atPath: workshop.marker)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: library)
        let warm = await workshop.catalog(workshop.options(cache: true))
        #expect(warm.descriptors.count == 1)
        #expect(!FileManager.default.fileExists(atPath: workshop.marker))
    }

    @Test("a library that was replaced is described anew")
    func cacheOfReplaced() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.plainSource)
        _ = await workshop.catalog(workshop.options(cache: true))
        try workshop.compile(workshop.plainSource.replacingOccurrences(of: "1.0.0", with: "1.0.1"), to: "new.so")
        #expect(rename("\(workshop.plugins)/new.so", "\(workshop.plugins)/plugin.so") == 0)
        let catalog = await workshop.catalog(workshop.options(cache: true))
        #expect(catalog.libraries.map(\.description.version) == ["1.0.1"])
    }

    @Test("a library that changed after it was described isn't loaded")
    func changedMeanwhile() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.plainSource)
        _ = await workshop.catalog(workshop.options(cache: true))
        let catalog = await workshop.catalog(workshop.options(cache: true))
        try workshop.compile(workshop.plainSource.replacingOccurrences(of: "1.0.0", with: "1.0.1"), to: "new.so")
        #expect(rename("\(workshop.plugins)/new.so", "\(workshop.plugins)/plugin.so") == 0)
        await #expect(throws: Diagnostic.self) {
            try await catalog.make(catalog.descriptors[0], configuration: [:], timeout: nil)
        }
    }
}
