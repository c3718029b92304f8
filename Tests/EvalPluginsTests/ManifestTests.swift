// Manifests: functions that were never written for evalhost, from a library that the test compiles and from the system's.

import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Testing

@Suite struct ManifestTests {
    private let workshop: Workshop

    init() throws { workshop = try Workshop() }

    /// Functions with every type of argument and result that a manifest can name.
    private static let source = """
        #include <stdbool.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>
        int8_t minus8(int8_t a) { return (int8_t)-a; }
        uint8_t same_u8(uint8_t a) { return a; }
        short minus16(short a) { return (short)-a; }
        unsigned short same_u16(unsigned short a) { return a; }
        int minus32(int a) { return -a; }
        unsigned same_u32(unsigned a) { return a; }
        int64_t minus64(int64_t a) { return -a; }
        uint64_t most(uint64_t a) { return UINT64_MAX - a; }
        float half(float a) { return a / 2; }
        double weighted(double a, float b, int c, int8_t d) { return a + b * 10 + c * 100 + d * 1000; }
        bool both(bool a, bool b) { return a && b; }
        bool not_empty(const char *text) { return text[0] != 0; }
        const char *kind(const char *text) { return strlen(text) > 3 ? "long" : strlen(text) > 0 ? "short" : NULL; }
        const char *broken(const char *text) { return "\\xff"; }
        size_t zeros(const char *data, uint32_t size, char wanted) {
            size_t count = 0;
            for (uint32_t i = 0; i < size; i++) count += data[i] == wanted;
            return count;
        }
        int joined(const char *a, const char *b) { return (int)(strlen(a) * 10 + strlen(b)); }
        int status(int a) { return a; }
        int many(int a, int b, int c, int d, int e, int f, double g, double h, const char *i, int64_t j) {
            return a == 1 && b == 2 && c == 3 && d == 4 && e == 5 && f == 6 && g == 7 && h == 8 && i[0] == '9' && j == 10;
        }
        int crash(const char *text) { return *(volatile int *)(text[0] == 'x' ? NULL : text); }
        int endless(const char *text) { for (volatile int i = 0; text[0] == 'x';) i++; return 0; }
        int data = 7;
        """

    private func manifest(_ text: String, name: String = "bound") throws {
        try text.write(toFile: "\(workshop.plugins)/\(name).scorer.yaml", atomically: true, encoding: .utf8)
    }

    private func compile() throws {
        try workshop.compile(Self.source, to: "../functions.so", ["-shared", "-fvisibility=default"])
    }

    private func bind(_ symbol: String, _ signature: String, _ rest: String, library: String = "../functions.so") throws
    {
        try manifest("library: \(library)\nsymbol: \(symbol)\nsignature: \(signature)\n\(rest)\n")
    }

    /// What the only scorer of the folder says of a row, as people read it.
    private func verdict(_ row: JSON) async throws -> String {
        let scorer = try await workshop.scorer("bound")
        let record = try Record(row: row)
        let made = Row(
            record: record,
            outputs: record.outputs,
            trace: .pregenerated(record, outputs: record.outputs, nowMilliseconds: 0)
        )
        switch try #require(await scorer.score([made]).first) {
        case .errored(let error): return "\(error.code): \(error.message)"
        case .skipped(let reason): return "skipped: \(reason)"
        case .feedback(let feedback): return feedback.value.json.serialized
        case .feedbacks: return "several"
        }
    }

    struct Call: Sendable, CustomTestStringConvertible {
        let symbol: String
        let signature: String
        let rest: String
        let outputs: String
        let expected: String
        init(_ symbol: String, _ signature: String, _ rest: String, _ outputs: String, _ expected: String) {
            (self.symbol, self.signature, self.rest) = (symbol, signature, rest)
            (self.outputs, self.expected) = (outputs, expected)
        }
        var testDescription: String { "\(symbol) of \(outputs) is \(expected)" }
    }

    static let calls = [
        Call("minus8", "int8_t (int8_t outputs)", "value: integer", "127", "-127"),
        Call(
            "minus8",
            "signed char (signed char outputs)",
            "value: integer",
            "128",
            "scorer_error: outputs doesn't fit the argument's type"
        ),
        Call("same_u8", "uint8_t (unsigned char outputs)", "value: integer", "255", "255"),
        Call(
            "same_u8",
            "uint8_t (uint8_t outputs)",
            "value: integer",
            "-1",
            "scorer_error: outputs doesn't fit the argument's type"
        ),
        Call("minus16", "short int (short outputs)", "value: integer", "32767", "-32767"),
        Call("same_u16", "unsigned short (uint16_t outputs)", "value: integer", "65535", "65535"),
        Call("minus32", "int (int outputs)", "value: integer", "2147483647", "-2147483647"),
        Call(
            "minus32",
            "int minus32(signed int outputs)",
            "value: integer",
            "2147483648",
            "scorer_error: outputs doesn't fit the argument's type"
        ),
        Call("same_u32", "unsigned (unsigned int outputs)", "value: integer", "4294967295", "4294967295"),
        Call(
            "minus64",
            "long long int (long outputs)",
            "value: integer",
            "9223372036854775807",
            "-9223372036854775807"
        ),
        Call(
            "most",
            "long unsigned int (size_t outputs)",
            "value: integer",
            "9223372036854775807",
            "scorer_error: most returned 9223372036854775808, more than an integer can be"
        ),
        Call("most", "uint64_t (uint64_t outputs)", "value: number", "0", "1.8446744073709552e+19"),
        Call("half", "float (float outputs)", "value: number", "3", "1.5"),
        Call(
            "half",
            "float (float outputs)",
            "value: number",
            "1e300",
            "scorer_error: outputs is too large for a float"
        ),
        Call("weighted", "double (double outputs, float 2, int 3, int8_t -4)", "value: number", "1.5", "-3678.5"),
        Call("both", "bool (bool outputs, bool true)", "value: boolean", "true", "true"),
        Call("both", "_Bool (_Bool outputs, _Bool false)", "value: { type: boolean }", "true", "false"),
        Call(
            "both",
            "bool (bool outputs, bool true)",
            "value: boolean",
            "1",
            "field_type: 'outputs' must be a boolean, this is an integer"
        ),
        Call(
            "not_empty",
            "bool (cstring outputs)",
            "value: { type: category, labels: [empty, full] }",
            #""x""#,
            #""full""#
        ),
        Call("kind", "cstring (cstring outputs)", "value: text", #""long enough""#, #""long""#),
        Call("kind", "cstring (cstring outputs)", "value: text", #""""#, "scorer_error: kind returned a null pointer"),
        Call(
            "broken",
            "cstring (cstring outputs)",
            "value: text",
            #""""#,
            "invalid_value: bound: its text isn't UTF-8"
        ),
        Call(
            "zeros",
            "size_t (bytes outputs, uint32_t size(outputs), char 0)",
            "value: integer",
            #""a\u0000b\u0000""#,
            "2"
        ),
        Call("zeros", "size_t (bytes outputs, uint32_t size(outputs), char 0x61)", "value: integer", #""banana""#, "3"),
        Call("joined", #"int (cstring outputs, cstring "a, \"b\" (c)")"#, "value: integer", #""Aä""#, "40"),
        Call("joined", "int (cstring outputs, cstring outputs)", "value: integer", #""ab""#, "22"),
        Call("status", "int (int outputs)", "value: { type: boolean, when: '> 3' }", "4", "true"),
        Call("status", "int (int outputs)", "value: { type: boolean, equals: -2 }", "-2", "true"),
        Call("status", "int (int outputs)", "value: { type: number, scale: 0.01, range: [0, 1] }", "94", "0.94"),
        Call(
            "status",
            "int (int outputs)",
            "value: { type: number, scale: 0.01, range: [0, 1] }",
            "101",
            "invalid_value: bound: bound is 1.01, more than the declared 1"
        ),
        Call(
            "status",
            "int (int outputs)",
            "value: { type: category, labels: { 0: same, -1: less, 1: more } }",
            "-1",
            #""less""#
        ),
        Call(
            "status",
            "int (int outputs)",
            "value: { type: category, labels: { 0: same, -1: less, 1: more } }",
            "7",
            "scorer_error: status returned 7, for which there is no label"
        ),
        Call("status", "int (int outputs)", "error: '< 0'\nvalue: integer", "-5", "scorer_error: status returned -5"),
        Call(
            "status",
            "int (int outputs)",
            "error: -1\nskip: '>= 9'\nvalue: integer",
            "9",
            "skipped: status returned 9"
        ),
        Call(
            "many",
            #"int (int 1, int 2, int 3, int 4, int outputs, int 6, double 7, double 8, cstring "9", int64_t 10)"#,
            "value: { type: boolean, equals: 1 }",
            "5",
            "true"
        ),
        Call(
            "status",
            "int (int outputs)",
            "value: integer",
            #""text""#,
            "field_type: 'outputs' must be an integer, this is a string"
        ),
        Call(
            "joined",
            "int (cstring outputs, cstring outputs)",
            "value: integer",
            #""a\u0000b""#,
            "scorer_error: outputs has a NUL inside: the function would see only a part of it"
        ),
        Call("crash", "int (cstring outputs)", "value: integer", #""x""#, "plugin_crash"),
    ]

    @Test("a function is called with what its manifest says, and its result is what it says", arguments: calls)
    func called(_ call: Call) async throws {
        try compile()
        try bind(call.symbol, call.signature, call.rest)
        let said = try await verdict(["inputs": [:], "outputs": JSON(parsing: call.outputs)])
        // The page, the address and the functions of a crash are the worker's tests' matter.
        #expect(
            said == call.expected || (call.expected == "plugin_crash" && said.hasPrefix("plugin_crash: ")),
            "\(said)"
        )
    }

    @Test("a crash and an endless loop cost their rows, and name the function")
    func faults() async throws {
        try compile()
        for (symbol, code) in [("crash", "plugin_crash"), ("endless", "deadline")] {
            try bind(symbol, "int (cstring outputs)", "value: integer")
            let scorer = try await workshop.scorer("bound", options: workshop.options(row: .milliseconds(300)))
            let records = try ["x", "abcdefgh"].map { try Record(row: ["inputs": [:], "outputs": JSON($0)]) }
            let verdicts = await scorer.score(
                records.map {
                    Row(
                        record: $0,
                        outputs: $0.outputs,
                        trace: .pregenerated($0, outputs: $0.outputs, nowMilliseconds: 0)
                    )
                }
            )
            guard case .errored(let error) = verdicts[0] else { Issue.record("\(verdicts[0])"); continue }
            #expect(error.code == code)
            if code == "plugin_crash" { #expect(error.message.contains("crash"), "\(error.message)") }
            guard case .feedback = verdicts[1] else { Issue.record("\(verdicts[1])"); continue }
        }
    }

    @Test("functions of the system's libraries work where they lie")
    func system() async throws {
        let same = "int (cstring outputs, cstring expectations.expected_response)"
        try bind("strcasecmp", same, "value: { type: boolean, equals: 0 }", library: "libc.so.6")
        let row: JSON = ["inputs": [:], "outputs": "PARIS", "expectations": ["expected_response": "Paris"]]
        #expect(try await verdict(row) == "true")
        try bind("hypot", "double (double outputs, double expectations.other)", "value: number", library: "libm.so.6")
        #expect(try await verdict(["inputs": [:], "outputs": 3, "expectations": ["other": 4]]) == "5")
        let crc = "unsigned long (unsigned long 0, bytes outputs, unsigned int size(outputs))"
        try bind("crc32", crc, "value: integer", library: "libz.so.1")
        // zlib.crc32(b"PARIS") of Python
        #expect(try await verdict(row) == "1635256658")
    }

    @Test("names, help and rules come from the manifest")
    func described() async throws {
        try compile()
        let words = """
            version: "2.1"
            author: Somebody
            licence: MIT
            help: A status.
            unit: points
            direction: lower
            pass: "<= 3"
            aggregations: [mean, p90]
            """
        try bind("status", "int (int outputs)", "value: { type: integer, range: [0, 10] }\n\(words)")
        let catalog = await workshop.catalog()
        let descriptor = try #require(catalog.descriptors.first)
        #expect(descriptor.name == "bound" && descriptor.version == "2.1" && descriptor.help == "A status.")
        #expect(descriptor.unit == "points" && descriptor.lowerIsBetter && descriptor.range == 0...10)
        #expect(descriptor.pass == PassRule("<= 3") && descriptor.aggregations == [.mean, .p90])
        #expect(descriptor.reads == ["outputs"] && descriptor.settings.isEmpty)
        #expect(catalog.libraries.first?.description.licence == "MIT")
        #expect(catalog.libraries.first?.bound?.symbol == "status")
    }
}
