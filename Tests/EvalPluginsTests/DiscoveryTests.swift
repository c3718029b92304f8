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
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data().write(to: file)
        }
        let found = try PluginFile.candidates(in: workshop.plugins)
            .map { $0.path.dropFirst(workshop.plugins.count + 1) }
        #expect(found == ["B.so", "a/a.so", "b.so"])
    }

    @Test("a folder that isn't there is a refusal that says what --plugins wants")
    func missingFolder() async {
        let catalog = await PluginCatalog.open(["/no/such/folder"], options: PluginOptions(hostVersion: "0"))
        #expect(
            catalog.refusals.map(\.description) == [
                "/no/such/folder: the plugin folder can't be read: it isn't there\n  --plugins names a folder that has libraries (*.so) or manifests (*.scorer.yaml) in it."
            ]
        )
    }

    @Test("two libraries of one name: the second is refused and names the first")
    func sameName() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.plainSource, to: "a.so")
        try workshop.compile(workshop.plainSource + "\nint other;", to: "b.so")
        let catalog = await workshop.catalog()
        #expect(catalog.libraries.map(\.file.name) == ["a.so"])
        #expect(
            catalog.refusals.map(\.message) == ["the library plain is already loaded from \(workshop.plugins)/a.so"]
        )
    }

    /// Describes the folder's library and writes another version into what was kept of it: who says that version has
    /// read the cache and not the library.
    private func keptAs(_ version: String, maximum: Int = 1, _ workshop: Workshop) async throws {
        try workshop.compile(workshop.plainSource)
        let catalog = await workshop.catalog(workshop.options(cache: true))
        #expect(catalog.libraries.map(\.description.version) == ["1.0.0"])
        let cache = "\(workshop.folder)/cache"
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: cache).first)
        let text = try String(contentsOfFile: "\(cache)/\(file)", encoding: .utf8)
        #expect(text.contains(#""maximum":1"#))
        try text.replacingOccurrences(of: "1.0.0", with: version)
            .replacingOccurrences(of: #""maximum":1"#, with: #""maximum":\#(maximum)"#)
            .write(toFile: "\(cache)/\(file)", atomically: true, encoding: .utf8)
    }

    private func versions(_ workshop: Workshop, host: String = "0.0-test") async -> [String] {
        var options = workshop.options(cache: true)
        options.hostVersion = host
        return await workshop.catalog(options).libraries.map(\.description.version)
    }

    @Test("a description that was kept is used while the file is the same, or at least its bytes are")
    func cache() async throws {
        let workshop = try Workshop()
        try await keptAs("7.7.7", workshop)
        #expect(await versions(workshop) == ["7.7.7"])
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)],
            ofItemAtPath: "\(workshop.plugins)/plugin.so"
        )
        #expect(await versions(workshop) == ["7.7.7"])
    }

    @Test("what another version of evalhost kept is not believed")
    func cacheOfOtherHost() async throws {
        let workshop = try Workshop()
        try await keptAs("7.7.7", workshop)
        #expect(await versions(workshop, host: "0.1") == ["1.0.0"])
    }

    @Test("a library whose path is longer than the kernel's names is loaded like any other")
    func longPath() async throws {
        let workshop = try Workshop()
        let folder =
            "\(workshop.plugins)/"
            + Array(repeating: String(repeating: "deep", count: 50), count: 4).joined(separator: "/")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try workshop.compile(workshop.plainSource)
        try FileManager.default.moveItem(atPath: "\(workshop.plugins)/plugin.so", toPath: "\(folder)/plugin.so")
        let catalog = await PluginCatalog.open([folder], options: workshop.options())
        #expect(catalog.refusals.isEmpty && catalog.descriptors.map(\.name) == ["plain"], "\(catalog.refusals)")
    }

    @Test("a library that was replaced is described anew")
    func cacheOfReplaced() async throws {
        let workshop = try Workshop()
        try await keptAs("7.7.7", workshop)
        try workshop.compile(workshop.plainSource.replacingOccurrences(of: "1.0.0", with: "1.0.1"), to: "new.so")
        #expect(rename("\(workshop.plugins)/new.so", "\(workshop.plugins)/plugin.so") == 0)
        #expect(await versions(workshop) == ["1.0.1"])
    }

    @Test("a cache that is damaged costs time only")
    func damagedCache() async throws {
        let workshop = try Workshop()
        try await keptAs("\\", workshop)
        #expect(await versions(workshop) == ["1.0.0"])
        let other = try Workshop()
        try await keptAs("7.7.7", maximum: -1, other)
        #expect(await versions(other) == ["1.0.0"])
    }

    @Test("a library that is replaced while a catalog offers it goes on as it was described")
    func replacedMeanwhile() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.plainSource)
        let catalog = await workshop.catalog()
        try workshop.compile(workshop.plainSource.replacingOccurrences(of: "(out, 1)", with: "(out, 0)"), to: "new.so")
        #expect(rename("\(workshop.plugins)/new.so", "\(workshop.plugins)/plugin.so") == 0)
        let scorer = try await catalog.make(catalog.descriptors[0], configuration: [:], timeout: nil)
        #expect(await scorer.score([try row("a")]) == [.number(1)])
    }
}
