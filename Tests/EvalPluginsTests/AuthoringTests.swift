import EvalCore
import EvalPlugins
import Foundation
import Testing

@Suite("Authoring")
struct AuthoringTests {
    private let options: PluginOptions = {
        var options = PluginOptions(hostVersion: "0.0-test")
        options.worker = Workshop.worker
        return options
    }()

    private func sdk() throws -> PluginSDK { try PluginSDK(root: Workshop.root) }

    /// Builds and tests a folder, without a warning and without a failure.
    private func check(_ project: PluginProject) async throws {
        #expect(try await project.build(sdk: sdk()).contains("warning") == false)
        let cases = try await project.test(options: options)
        #expect(!cases.isEmpty)
        for result in cases { #expect(result.failure == nil, "line \(result.line)") }
    }

    @Test("a new plugin in C builds without a warning and passes its own cases")
    func newInC() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("first_try", language: .c, in: workshop.folder, sdk: sdk())
        try await check(project)
    }

    @Test("a new plugin in Swift builds, needs no Swift runtime and passes its own cases")
    func newInSwift() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("second_try", language: .swift, in: workshop.folder, sdk: sdk())
        try await check(project)
    }

    @Test(
        "the samples pass their cases",
        arguments: ["citation_check", "edit_distance", "readability", "text_statistics"]
    )
    func samples(name: String) async throws {
        let workshop = try Workshop()
        let folder = "\(workshop.folder)/\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let source = "\(Workshop.root)/Plugins/\(name)"
        for file in try FileManager.default.contentsOfDirectory(atPath: source)
        where !file.hasPrefix(".") && file != "Vendor" && !file.hasSuffix(".so") {
            try FileManager.default.copyItem(atPath: "\(source)/\(file)", toPath: "\(folder)/\(file)")
        }
        try await check(try PluginProject(folder: folder))
    }

    @Test("a case that fails says what was expected and what came")
    func failingCases() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("third_try", language: .c, in: workshop.folder, sdk: sdk())
        _ = try await project.build(sdk: sdk())
        try """
        // A line of words.
        {"scorer":"third_try","row":{"outputs":"a","expectations":{"expected_response":"a"}},"expect":{"value":false}}

        {"scorer":"third_try","row":{"outputs":"a"},"expect":{"skipped":true}}
        """
        .write(toFile: "\(project.folder)/cases.jsonl", atomically: true, encoding: .utf8)
        let cases = try await project.test(options: options)
        #expect(cases.map(\.line) == [2, 4])
        #expect(
            cases.map(\.failure) == [
                "expected the value false, got true",
                "expected a skip, got the error missing_field: the row has no 'expectations.expected_response'",
            ]
        )
    }

    @Test("a source that doesn't compile is told in the compiler's words, and the old library stays")
    func compilerErrors() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("fourth_try", language: .c, in: workshop.folder, sdk: sdk())
        _ = try await project.build(sdk: sdk())
        let before = FileManager.default.contents(atPath: project.library)
        try "int x = ;".write(toFile: "\(project.folder)/fourth_try.c", atomically: true, encoding: .utf8)
        let error = await #expect(throws: Diagnostic.self) { try await project.build(sdk: sdk()) }
        #expect(error?.message == "`cc` failed")
        #expect(error?.help?.contains("fourth_try.c:1") == true)
        #expect(FileManager.default.contents(atPath: project.library) == before)
    }

    @Test("names that can't be one are refused", arguments: ["Upper", "1st", "with-dash", "", "int", "score"])
    func names(name: String) throws {
        #expect(throws: Diagnostic.self) {
            try PluginProject.create(name, language: .c, in: "/nowhere", sdk: sdk())
        }
    }

    @Test("a folder that exists is never written over")
    func exists() throws {
        let workshop = try Workshop()
        #expect(throws: Diagnostic.self) {
            try PluginProject.create("plugins", language: .c, in: workshop.folder, sdk: sdk())
        }
    }
}
