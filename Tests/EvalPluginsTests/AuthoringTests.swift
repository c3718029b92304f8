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

    /// Builds and tests a folder, without a word of the compiler and without a failure.
    private func check(_ project: PluginProject) async throws {
        try await project.build(sdk: sdk()) { Issue.record("the compiler says: \($0)") }
        let outcome = try await project.test(options: options)
        #expect(!outcome.cases.isEmpty)
        for result in outcome.cases { #expect(result.failure == nil, "\(result.file):\(result.line)") }
    }

    @Test("a new plugin in C builds without a warning and passes its own golden rows")
    func newInC() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("first_try", language: .c, in: workshop.folder, sdk: sdk())
        try await check(project)
    }

    @Test("a new plugin in C++ builds without a warning, passes its own golden rows, and exports its entry alone")
    func newInCpp() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("other_try", language: .cpp, in: workshop.folder, sdk: sdk())
        try await check(project)
        #expect(try exports(of: project) == ["evalhost_plugin_entry"])
    }

    @Test("a new plugin in Swift builds, needs no Swift runtime and passes its own golden rows")
    func newInSwift() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("second_try", language: .swift, in: workshop.folder, sdk: sdk())
        try await check(project)
    }

    @Test(
        "the samples pass their golden rows",
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

    @Test("golden rows of all files are scored in their order, and one that fails says what was expected and what came")
    func failingRows() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("third_try", language: .c, in: workshop.folder, sdk: sdk())
        try await project.build(sdk: sdk())
        try write(
            """
            // A line of words.
            {"scorer":"third_try","row":{"outputs":"a","expectations":{"expected_response":"a"}},"expect":{"value":false}}

            {"scorer":"third_try","row":{"outputs":"a"},"expect":{"skipped":true}}
            """,
            to: "tests/a.jsonl",
            of: project
        )
        try write("this is no row", to: "tests/.hidden.jsonl", of: project)
        try write("this is none either", to: "tests/README.md", of: project)
        let outcome = try await project.test(options: options)
        #expect(outcome.cases.prefix(2).map(\.file) == ["tests/a.jsonl", "tests/a.jsonl"])
        #expect(outcome.cases.prefix(2).map(\.line) == [2, 4])
        #expect(
            outcome.cases.prefix(2).map(\.failure) == [
                "expected the value false, got true",
                "expected a skip, got the error missing_field: the row has no 'expectations.expected_response'",
            ]
        )
        #expect(outcome.cases.dropFirst(2).allSatisfy { $0.file == "tests/golden.jsonl" && $0.failure == nil })
        #expect(outcome.cases.count == 9)
    }

    @Test("a folder of another language is tested, and not built")
    func otherLanguage() async throws {
        let workshop = try Workshop()
        let made = try PluginProject.create("fifth_try", language: .c, in: workshop.folder, sdk: sdk())
        try await made.build(sdk: sdk())
        try FileManager.default.removeItem(atPath: "\(made.folder)/fifth_try.c")
        let project = try PluginProject(folder: made.folder)
        #expect(project.language == nil)
        #expect(try await project.test(options: options).isSuccess)
        let error = await #expect(throws: Diagnostic.self) { try await project.build(sdk: sdk()) }
        #expect(error?.message == "there is no source in C, C++ or Swift in this folder")
    }

    @Test("a source that doesn't compile is told in the compiler's words, and the old library stays")
    func compilerErrors() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("fourth_try", language: .c, in: workshop.folder, sdk: sdk())
        try await project.build(sdk: sdk())
        let before = FileManager.default.contents(atPath: project.library)
        try write("int x = ;\n", to: "fourth_try.c", of: project)
        var words = ""
        let error = await #expect(throws: Diagnostic.self) { try await project.build(sdk: sdk()) { words += $0 } }
        #expect(error?.message == "`cc` failed")
        #expect(words.hasPrefix("fourth_try.c:1:9: error:"))
        #expect(FileManager.default.contents(atPath: project.library) == before)
    }

    @Test("a function that nobody defines is an error of the build, and not of the run")
    func undefinedFunction() async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("sixth_try", language: .c, in: workshop.folder, sdk: sdk())
        try write(
            "int nowhere(void);\nint here(void);\nint here(void) { return nowhere(); }\n",
            to: "more.c",
            of: project
        )
        let error = await #expect(throws: Diagnostic.self) { try await project.build(sdk: sdk()) }
        #expect(error?.help?.contains("`libraries`") == true)
        #expect(!FileManager.default.fileExists(atPath: project.library))
    }

    @Test(
        "what can't be a library's name is refused with its line",
        arguments: ["fuzzy -Wl,x", "../z", "-lz", "a b", "z;rm", "@file", ":libz.a"]
    )
    func libraryNames(name: String) async throws {
        let workshop = try Workshop()
        let project = try PluginProject.create("seventh_try", language: .c, in: workshop.folder, sdk: sdk())
        try write("# numbers\nm  # and why\n\n\(name)\n", to: "libraries", of: project)
        let error = await #expect(throws: Diagnostic.self) { try await project.build(sdk: sdk()) }
        #expect(error?.message == "'\(name)' is no name of a library")
        #expect(error?.location.line == 4)
        try write("# numbers\nm  # and why\n", to: "libraries", of: project)
        try await project.build(sdk: sdk())
    }

    @Test(
        "names that can't be one are refused, for every language",
        arguments: [
            "Upper", "1st", "with-dash", "with space", "", "a/b", "..", "größe", String(repeating: "a", count: 64),
        ],
        PluginProject.Language.allCases
    )
    func names(name: String, language: PluginProject.Language) throws {
        let workshop = try Workshop()
        let error = #expect(throws: Diagnostic.self) {
            try PluginProject.create(name, language: language, in: workshop.plugins, sdk: sdk())
        }
        #expect(error?.message.hasSuffix("can't be a plugin's name") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: workshop.plugins).isEmpty)
    }

    @Test(
        "words that mean something else in the source are refused",
        arguments: [
            ("int", PluginProject.Language.c), ("restrict", .c), ("abs", .c), ("score", .c), ("class", .cpp),
            ("and", .cpp),
            ("std", .cpp), ("func", .swift), ("swift", .swift), ("string", .swift), ("row", .swift),
        ]
    )
    func takenWords(name: String, language: PluginProject.Language) throws {
        let workshop = try Workshop()
        let error = #expect(throws: Diagnostic.self) {
            try PluginProject.create(name, language: language, in: workshop.plugins, sdk: sdk())
        }
        #expect(error?.message.hasPrefix("'\(name)' means something else in the source of a plugin in") == true)
        #expect(error?.suggestion == "\(name)_scorer")
        #expect(try FileManager.default.contentsOfDirectory(atPath: workshop.plugins).isEmpty)
    }

    @Test("a folder that exists is never written over, nor is a link that leads nowhere")
    func exists() throws {
        let workshop = try Workshop()
        #expect(throws: Diagnostic.self) {
            try PluginProject.create("plugins", language: .c, in: workshop.folder, sdk: sdk())
        }
        #expect(symlink("/nowhere", "\(workshop.plugins)/linked") == 0)
        #expect(throws: Diagnostic.self) {
            try PluginProject.create("linked", language: .c, in: workshop.plugins, sdk: sdk())
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: workshop.plugins) == ["linked"])
    }

    private func write(_ text: String, to name: String, of project: PluginProject) throws {
        try text.write(toFile: "\(project.folder)/\(name)", atomically: true, encoding: .utf8)
    }

    /// The names that a library exports.
    private func exports(of project: PluginProject) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["nm", "-D", "--defined-only", "--format=posix", project.library]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map { String($0.prefix { $0 != " " }) }
    }
}
