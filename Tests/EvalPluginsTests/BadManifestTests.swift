// What is wrong in a manifest is told with its line and column, and nothing of the library runs.

import EvalCore
import EvalPlugins
import Foundation
import Testing

@Suite struct BadManifestTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let manifest: String
        let expected: String
        init(_ expected: String, _ manifest: String) { (self.expected, self.manifest) = (expected, manifest) }
        /// One with a wrong signature, whose line is 3 and whose first column is 12.
        init(signature: String, _ expected: String) {
            self.init(expected, "library: libc.so.6\nsymbol: strcasecmp\nsignature: \(signature)\nvalue: integer\n")
        }
        /// One with a wrong value; the signature returns an int.
        init(value: String, _ expected: String, result: String = "int") {
            self.init(
                expected,
                "library: libc.so.6\nsymbol: strlen\nsignature: \(result) (cstring outputs)\n\(value)\n"
            )
        }
        var testDescription: String { expected }
    }

    static let mistakes = [
        Mistake("the manifest is empty", "# nothing\n"),
        Mistake("1:1: the manifest has no 'library'", "symbol: x\n"),
        Mistake("2:1: unknown key 'symbl'; did you mean 'symbol'?", "library: libc.so.6\nsymbl: x\n"),
        Mistake("1:1: a manifest must be a mapping", "- a\n"),
        Mistake("2:1: the YAML is malformed: ", "library: [\n"),
        Mistake(
            "1:10: there is no library libnone.so.9",
            "library: libnone.so.9\nsymbol: x\nsignature: int (int outputs)\nvalue: integer\n"
        ),
        Mistake(
            "1:10: there is no library libz.so.9\n  There is libz.so.1",
            "library: libz.so.9\nsymbol: x\nsignature: int (int outputs)\nvalue: integer\n"
        ),
        Mistake(
            "2:9: /lib/*/libc.so.6 has no function strcasecomp; did you mean 'strcasecmp'?",
            "library: libc.so.6\nsymbol: strcasecomp\nsignature: int (cstring outputs)\nvalue: integer\n"
        ),
        Mistake(
            "2:9: environ of /lib/*/libc.so.6 is data, not a function",
            "library: libc.so.6\nsymbol: environ\nsignature: int (cstring outputs)\nvalue: integer\n"
        ),
        Mistake(
            "2:9: printf has variable arguments, so it can't be bound",
            "library: libc.so.6\nsymbol: printf\nsignature: int (cstring outputs)\nvalue: integer\n"
        ),
        Mistake(
            "2:10: 'a b' can't be a function's name",
            "library: libc.so.6\nsymbol: 'a b'\nsignature: int (cstring outputs)\nvalue: integer\n"
        ),
        Mistake(signature: "int (cstring outputs, ...)", "3:34: a function with variable arguments can't be bound"),
        Mistake(signature: "'int (struct point outputs)'", "3:18: 'struct point' is passed by value"),
        Mistake(signature: "struct point (cstring outputs)", "3:12: 'struct point' is passed by value"),
        Mistake(signature: "union u (cstring outputs)", "3:12: 'union u' is passed by value"),
        Mistake(signature: "int (const char *outputs)", "3:28: a pointer can't be passed as it is\n  A text that ends"),
        Mistake(signature: "int (void *outputs)", "3:22: a pointer can't be passed as it is\n  A function that writes"),
        Mistake(signature: "char *(cstring outputs)", "3:17: a pointer can't be passed as it is"),
        Mistake(signature: "int (string outputs)", "3:17: there is no type 'string'"),
        Mistake(signature: "int (enum colour outputs)", "3:17: 'enum colour' is an int to C"),
        Mistake(signature: "long double (double outputs)", "3:12: 'long double' has no value that a row or a score"),
        Mistake(signature: "void (cstring outputs)", "3:12: 'void' is no value"),
        Mistake(signature: "bytes (cstring outputs)", "3:12: a result can't be `bytes`"),
        Mistake(signature: "int ()", "3:17: the function gets nothing of the row"),
        Mistake(signature: "int (void)", "3:17: the function gets nothing of the row"),
        Mistake(signature: "int (int 3)", "3:12: the function gets nothing of the row"),
        Mistake(signature: "int", "3:15: after the result's type comes `(`"),
        Mistake(signature: "int (cstring outputs", "3:32: the signature has no `)`"),
        Mistake(signature: "int (cstring)", "3:24: after 'cstring' comes what is passed"),
        Mistake(signature: "int (cstring outputs) more", "3:34: something follows the signature"),
        Mistake(signature: "int (cstring answer)", "3:17: the field answer doesn't begin with one of inputs, outputs"),
        Mistake(signature: "int (cstring outputs?)", "3:17: 'outputs?' can't be optional"),
        Mistake(signature: "int (cstring spans(*):name)", "3:17: spans can't be passed to a C function"),
        Mistake(signature: "int (cstring 7)", "3:25: '7' is no cstring"),
        Mistake(signature: "int (cstring outputs, int8_t 128)", "3:41: int8_t can't hold 128"),
        Mistake(signature: "int (cstring outputs, unsigned -1)", "3:43: unsigned can't hold -1"),
        Mistake(signature: "int (cstring outputs, int 1.5)", "3:38: '1.5' is no int"),
        Mistake(signature: #"int (cstring "open, cstring outputs)"#, "3:25: a quote isn't closed"),
        Mistake(signature: #"int (int "text", cstring outputs)"#, "3:21: a text can only be passed as cstring"),
        Mistake(signature: "int (bytes outputs)", "3:17: no argument is size(outputs)"),
        Mistake(signature: "int (cstring outputs, size_t size(outputs))", "3:34: size(outputs) is the size of bytes"),
        Mistake(signature: "int (bytes outputs, double size(outputs))", "3:39: a size is an integer, not a double"),
        Mistake(
            signature: "int (cstring outputs\(String(repeating: ", int 1", count: 16)))",
            "3:12: the function has more than 16 arguments"
        ),
        Mistake(value: "value: bolean", "4:8: there is no type 'bolean' of a value; did you mean 'boolean'?"),
        Mistake(value: "value: { equals: 0 }", "4:8: 'value' has no 'type'"),
        Mistake(value: "value: boolean", "4:8: which results of strlen are true isn't said"),
        Mistake(value: "value: { type: boolean, equals: no }", "4:33: 'equals' is no number"),
        Mistake(
            value: "value: { type: boolean, equals: 0, when: '> 1' }",
            "4:43: 'equals' and 'when' can't stand together"
        ),
        Mistake(value: "value: { type: boolean, when: 'often' }", "4:32: 'when' is no comparison"),
        Mistake(value: "value: { type: integer, scale: 2 }", "4:32: an integer has no 'scale'"),
        Mistake(value: "value: integer", "4:8: strlen returns a double, which is no integer", result: "double"),
        Mistake(value: "value: { type: number, scale: 0 }", "4:31: 'scale' is a number other than 0"),
        Mistake(value: "value: { type: number, range: [1] }", "4:31: 'range' is a list of two numbers"),
        Mistake(value: "value: { type: number, range: [1, 0] }", "4:32: the bounds of 'range' aren't in order"),
        Mistake(value: "value: text", "4:8: strlen returns a int, which is no text"),
        Mistake(value: "value: number", "4:8: a text can't become a number", result: "cstring"),
        Mistake(value: "value: { type: category }", "4:16: a category has 1 to 256 'labels'"),
        Mistake(value: "value: { type: category, labels: { a: b } }", "4:36: 'a' is no result: an integer is"),
        Mistake(value: "value: { type: category, labels: { 1: b, 01: c } }", "4:42: the result 1 has two labels"),
        Mistake(value: "value: { type: category, labels: [a, a] }", "4:35: the label 'a' stands twice"),
        Mistake(value: "value: { type: category, labels: ['a/b'] }", "4:36: a label has 1 to 63 bytes"),
        Mistake(value: "value: { type: integer, labels: [a] }", "4:34: 'labels' is for category, not for a integer"),
        Mistake(value: "value: { type: integer, colour: red }", "4:25: unknown key 'colour' of 'value'"),
        Mistake(value: "value: integer\nerror: never", "5:8: 'error' is no comparison"),
        Mistake(value: "value: text\nerror: '< 0'", "5:9: 'error' compares numbers", result: "cstring"),
        Mistake(value: "value: integer\npass: '<'", "5:8: 'pass' is no rule"),
        Mistake(value: "value: integer\ndirection: up", "5:12: 'direction' is higher or lower"),
        Mistake(
            value: "value: integer\naggregations: [maen]",
            "5:16: there is no aggregation 'maen'; did you mean 'mean'?"
        ),
    ]

    @Test("a mistake is told with its place", arguments: mistakes)
    func told(_ mistake: Mistake) async throws {
        let file = "\(workshop.plugins)/bound.scorer.yaml"
        try mistake.manifest.write(toFile: file, atomically: true, encoding: .utf8)
        let refusal = try await workshop.refusal()
        let words = refusal.description.replacing(try Regex("/(usr/)?lib/[a-z0-9_-]+/"), with: "/lib/*/")
        #expect(words.contains(mistake.expected), "\(words)")
        #expect(words.hasPrefix(file))
    }

    @Test("files that are no manifests, or whose libraries are none")
    func files() async throws {
        let file = "\(workshop.plugins)/bound.scorer.yaml"
        func refused(_ library: String) async throws -> String {
            let text = "library: \(library)\nsymbol: f\nsignature: int (cstring outputs)\nvalue: integer\n"
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            return try await workshop.refusal().description
        }
        #expect(
            try await refused("../none.so").contains("1:10: \(workshop.plugins)/../none.so: there is no such library")
        )
        try "text".write(toFile: "\(workshop.folder)/text.so", atomically: true, encoding: .utf8)
        #expect(try await refused("../text.so").contains("this is not an ELF library"))
        let library = try workshop.compile(
            "int f(const char *t) { return t[0]; }",
            to: "../f.so",
            ["-shared", "-fvisibility=default"]
        )
        try workshop.patch(library) { $0[18] = 243 }
        #expect(try await refused("../f.so").contains("the library is for RISC-V, this machine is"))
        #expect(try await refused("/bin/true").contains("this is a program, not a library"))
        try workshop.run(["chmod", "o+w", library])
        #expect(try await refused("../f.so").contains("everybody may write to this library"))
        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: file))
        #expect(try await workshop.refusal().description.contains("the manifest isn't UTF-8"))
        try workshop.run(["mv", file, "\(workshop.plugins)/Not-A-Name.scorer.yaml"])
        try "library: a\nsymbol: b\nsignature: int (int outputs)\nvalue: integer\n"
            .write(toFile: "\(workshop.plugins)/Not-A-Name.scorer.yaml", atomically: true, encoding: .utf8)
        #expect(try await workshop.refusal().description.contains("'Not-A-Name' can't be a scorer's name"))
    }

    @Test("manifest and library are both pinned")
    func pinned() async throws {
        let source = "int f(const char *text) { return text[0]; }"
        try workshop.compile(source, to: "../f.so", ["-shared", "-fvisibility=default"])
        let file = "\(workshop.plugins)/bound.scorer.yaml"
        let text = "library: ../f.so\nsymbol: f\nsignature: int (cstring outputs)\nvalue: integer\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let found = try await PluginCatalog.inspect(file, options: workshop.options())
        let bound = try #require(found.bound)
        var options = workshop.options()
        options.requiresTrust = true
        var lock = PluginLock(path: "plugins.lock")
        options.lock = lock
        #expect(
            try await workshop.refusal(options).message
                == "the manifest is not trusted: plugins.lock has no entry for it"
        )
        let entry = PluginLock.Entry(
            library: "bound",
            version: "0",
            digest: bound.manifestDigest,
            libraryDigest: bound.libraryDigest
        )
        lock.trust(entry)
        options.lock = lock
        #expect(await workshop.catalog(options).refusals.isEmpty)
        try (text + "# changed\n").write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try await workshop.refusal(options).message.hasPrefix("the manifest is not the one that was trusted"))
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try workshop.compile(source + "int g;", to: "../f.so", ["-shared", "-fvisibility=default"])
        let message = try await workshop.refusal(options).message
        #expect(
            message.hasPrefix("the library ") && message.contains("of this manifest is not the one that was trusted")
        )
        lock.trust(.init(library: "bound", version: "0", digest: bound.manifestDigest))
        options.lock = lock
        #expect(try await workshop.refusal(options).message.hasPrefix("the manifest is not trusted"))
    }
}
