// Rules of the house that no compiler checks. Each names what to do instead.

import Foundation
import Testing

@Suite struct TidyTests {
    /// A source file of ours.
    struct Source: CustomTestStringConvertible {
        let path: String
        let text: String
        var room: String { String(path.split(separator: "/").dropFirst().first ?? "") }
        var testDescription: String { path }

        /// The lines without their comments, with their numbers.
        var code: [(number: Int, line: Substring)] {
            text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
                .compactMap { index, line in
                    let trimmed = line.drop { $0 == " " }
                    return trimmed.hasPrefix("//") || trimmed.hasPrefix("*") || trimmed.hasPrefix("/*")
                        ? nil : (index + 1, line)
                }
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The files below a folder with one of these endings, but for what is vendored, and for what a tool made, which
    /// stands in folders called `Generated`.
    static func sources(_ folder: String, _ endings: [String]) -> [Source] {
        let base = root.appendingPathComponent(folder).path
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: base)) ?? []
        return names.sorted()
            .compactMap { name in
                let parts = name.split(separator: "/")
                guard !parts.contains(where: { $0 == "Vendor" || $0 == "Generated" || $0.hasPrefix(".build") }),
                    endings.contains(where: { name.hasSuffix($0) }),
                    let text = try? String(contentsOfFile: "\(base)/\(name)", encoding: .utf8)
                else { return nil }
                return Source(path: "\(folder)/\(name)", text: text)
            }
    }

    static let swift = sources("Sources", [".swift"])
    static let all =
        swift + sources("Sources", [".c", ".cpp", ".h", ".hpp"]) + sources("Tests", [".swift", ".c", ".cpp"])
        + sources("Plugins", [".swift", ".c", ".h"]) + sources("Benchmarks", [".swift", ".c"])

    /// Fails for each line of code that has one of the words, outside of the rooms that may use them.
    private func ban(_ words: [String], in sources: [Source] = swift, except rooms: Set<String>, instead: String) {
        for source in sources where !rooms.contains(source.room) {
            for (number, line) in source.code {
                for word in words where line.contains(word) {
                    Issue.record("\(source.path):\(number): '\(word)' is not for this room. \(instead)")
                }
            }
        }
    }

    @Test("there is something to check")
    func found() {
        #expect(Self.swift.count > 50)
        #expect(
            Set(Self.swift.map(\.room))
                .isSuperset(of: ["EvalCore", "EvalJSON", "EvalRunner", "EvalStore", "EvalPlugins"])
        )
    }

    @Test("a file has at most 400 lines")
    func length() {
        for source in Self.all {
            let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false).count
            // The contract's header is one specification, read from its beginning to its end.
            let limit = source.path.hasSuffix("evalhost/scorer.h") ? 600 : 401
            if lines > limit { Issue.record("\(source.path) has \(lines) lines. Give its second subject a file.") }
        }
    }

    @Test("a Swift file says at its beginning what it is")
    func openings() {
        for source in Self.swift where !source.text.hasPrefix("//") {
            Issue.record("\(source.path) has no opening comment. Say what it is and what it refuses to be.")
        }
    }

    @Test("SQL is spoken in EvalStore only")
    func sql() {
        ban(["SELECT ", "INSERT INTO", "import GRDB"], except: ["EvalStore"], instead: "Ask the store.")
    }

    @Test("libraries are loaded in EvalPlugins only")
    func loading() {
        ban(["dlopen", "dlsym"], except: ["EvalPlugins", "EvalWorker", "CEvalSandbox"], instead: "Ask the catalog.")
    }

    @Test("the loop and the words know no implementation")
    func layers() {
        for source in Self.swift where ["EvalCore", "EvalRunner", "EvalReports", "EvalScorers"].contains(source.room) {
            for (number, line) in source.code where line.contains("import Eval") {
                if !line.hasSuffix("EvalCore") && !line.hasSuffix("EvalJSON") {
                    Issue.record("\(source.path):\(number): a protocol of EvalCore is all that this room may know.")
                }
            }
        }
    }

    @Test("memory safety is left only where C is touched")
    func safety() {
        let rooms: Set = ["EvalJSON", "EvalPlugins", "EvalStore", "EvalScorers", "ScorerKit", "EvalWorker"]
        ban(["@unchecked Sendable", "nonisolated(unsafe)"], except: rooms, instead: "Use a Mutex or an actor.")
    }

    @Test("nothing is forced, printed or put off")
    func forced() {
        ban(["try!", "as!", "fatalError("], except: [], instead: "Throw a Diagnostic.")
        ban(["print("], except: [], instead: "Use Console, which knows which stream is for what.")
        for source in Self.all where !source.path.hasPrefix("Tests/TidyTests") {
            for word in ["TODO", "FIXME", "XXX"] where source.text.contains(word) {
                Issue.record("\(source.path) has a \(word). Do it, or leave it out and say so.")
            }
        }
    }

    @Test("no file is called for what it isn't")
    func names() {
        for source in Self.all {
            let name = source.path.split(separator: "/").last ?? ""
            if name.hasPrefix("Utils") || name.hasPrefix("Helpers") || name.hasPrefix("Misc") {
                Issue.record("\(source.path) is no subject. Put each thing where its imports are.")
            }
        }
    }

    @Test("the repository speaks of the product alone")
    func product() {
        for source in Self.all + Self.sources("Documentation", [".md"]) where !source.path.hasPrefix("Tests/TidyTests")
        {
            for word in ["/work/", "/root/", "/home/"] where source.text.contains(word) {
                Issue.record("\(source.path) has a path of a machine: \(word)")
            }
        }
    }

    @Test("the threat model names hostile plugins that there are")
    func threats() throws {
        struct Manifest: Decodable {
            struct Plugin: Decodable { let name: String }
            let plugins: [Plugin]
        }
        let manifest = try Data(contentsOf: Self.root.appendingPathComponent("Tests/HostilePlugins/manifest.json"))
        let names = Set(try JSONDecoder().decode(Manifest.self, from: manifest).plugins.map(\.name))
        let page = Self.root.appendingPathComponent("Documentation/threat-model.md")
        let rows = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| ") }
        var count = 0
        for row in rows.dropFirst() {
            let cells = row.split(separator: "|")
            let named = cells.last { $0 != " " }?.split(separator: "`").filter { !$0.allSatisfy(\.isWhitespace) } ?? []
            for name in named.map(String.init) where !name.hasPrefix(" none") && !name.hasSuffix("Tests") {
                count += 1
                if !names.contains(name) { Issue.record("threat-model.md: there is no hostile plugin \(name)") }
            }
        }
        #expect(count > 50)
    }
}
