// `plugin test --sanitize`: planted bugs that golden rows alone don't show.

import Foundation
import Testing

@Suite struct SanitizerTests {
    let place: Workplace

    init() throws { place = try Workplace() }

    /// Makes a plugin, in a folder whose path has a space, whose scorer does what is planted for the answer `bad`.
    private func makePlugin(_ planted: String, language: String = "c") throws {
        let folder = place.folder.appendingPathComponent("my plugins")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        #expect(try place.run(["plugin", "new", "--in", "my plugins", "--language", language, "planted"]).status == 0)
        let body = """
                const evalhost_text answer = row->fields[0].text;
                volatile int number = (int)answer.size;
                if (answer.data[0] == 'b') { \(planted) }
            """
        if language == "c" {
            try place.write(
                "my plugins/planted/planted.c",
                """
                #include <evalhost/scorer.h>
                #include <stdlib.h>
                static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                    \(body)
                    return evalhost_number(out, number);
                }
                EVALHOST_SCORER(planted, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .score = score)
                EVALHOST_PLUGIN("planted", "0.1.0", &planted)
                """
            )
        } else {
            try place.write(
                "my plugins/planted/planted.cpp",
                """
                #include <evalhost/scorer.hpp>
                #include <vector>
                struct Planted {
                    explicit Planted(const evalhost_setup &) {}
                    evalhost_status score(const evalhost_record &given, const evalhost_sink &out) {
                        const evalhost_record *row = &given;
                        \(body)
                        return evalhost_number(&out, number);
                    }
                };
                EVALHOST_CPP_PLUGIN("planted", "0.1.0", evalhost::scorer<Planted>("planted", "outputs", evalhost::number()))
                """
            )
        }
        try place.write(
            "my plugins/planted/tests/golden.jsonl",
            """
            {"scorer": "planted", "row": {"outputs": "fine"}, "expect": {"value": 4}}
            {"scorer": "planted", "row": {"outputs": "bad"}, "expect": {"value": 3}}
            {"scorer": "planted", "row": {"outputs": "again"}, "expect": {"value": 5}}
            """
        )
    }

    private func test() throws -> Outcome { try place.run(["plugin", "test", "--sanitize", "my plugins/planted"]) }

    @Test(
        "a planted bug fails its row, with what the sanitizer says and the line of the source",
        arguments: [
            ("volatile char *copy = malloc(3); copy[answer.size] = 1; free((void *)copy);", "heap-buffer-overflow"),
            ("char *copy = malloc(8); free(copy); number += 0 * ((volatile char *)copy)[1];", "heap-use-after-free"),
            ("volatile int items[3] = {0}; number += 0 * items[answer.size];", "out of bounds"),
            ("number += 0 * (1 << (answer.size + 40));", "shift exponent 43 is too large"),
            ("number = 2147483647; number += (int)answer.size;", "signed integer overflow"),
            ("number = *(volatile int *)(answer.size - 3);", "null pointer"),
        ]
    )
    func bugs(planted: String, words: String) throws {
        try makePlugin(planted)
        let outcome = try test()
        #expect(outcome.status == 1, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output.hasPrefix("my plugins/planted/tests/golden.jsonl:2: planted: "), "\(outcome.output)")
        #expect(outcome.output.contains(words), "\(outcome.output)")
        #expect(outcome.output.contains("planted.c:6"), "\(outcome.output)")
        #expect(outcome.output.hasSuffix("2 passed, 1 failed\n"), "\(outcome.output)")
        #expect(!place.exists("my plugins/planted/planted.so"), "the released library is another one")
    }

    @Test("memory that nobody frees is found when the instances are gone, or it is said that it can't be looked for")
    func leak() throws {
        try makePlugin("char *volatile copy = malloc(100); copy[0] = 1; copy = NULL;")
        let outcome = try test()
        if outcome.error.contains("leaks can't be looked for here") {
            #expect(outcome.status == 0)
        } else {
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("after the last row: memory leaks"), "\(outcome.output)\(outcome.error)")
            #expect(outcome.output.contains("100 byte(s)"), "\(outcome.output)")
            #expect(outcome.output.contains("planted.c:6"), "\(outcome.output)")
        }
        #expect(outcome.output.hasSuffix("3 passed, 0 failed\n"))
    }

    @Test("a plugin without a bug passes, and needs no library that was built before")
    func clean() throws {
        try makePlugin("")
        let outcome = try test()
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output == "3 passed, 0 failed\n")
    }

    @Test("in C++ too, where an exception is no bug")
    func cpp() throws {
        let planted = """
            try { throw 1; } catch (int) {}
            std::vector<int> two(2);
            number += 0 * static_cast<volatile int *>(two.data())[answer.size];
            """
        try makePlugin(planted, language: "cpp")
        let outcome = try test()
        #expect(outcome.status == 1, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output.contains("heap-buffer-overflow"), "\(outcome.output)")
        #expect(outcome.output.hasSuffix("2 passed, 1 failed\n"), "\(outcome.output)")
    }

    @Test("assets are there as always")
    func assets() throws {
        try makePlugin("")
        try place.write("my plugins/planted/assets/words/a.txt", "four")
        try place.write(
            "my plugins/planted/planted.c",
            """
            #include <evalhost/ext/assets.h>
            static evalhost_status create(const evalhost_setup *setup, void **self) {
                const evalhost_assets *assets = (const evalhost_assets *)evalhost_extension(
                    setup->host, EVALHOST_EXT_ASSETS, EVALHOST_EXT_ASSETS_REVISION);
                evalhost_text bytes;
                if (!assets || assets->find(setup->host, "words/a.txt", &bytes) != EVALHOST_OK)
                    return evalhost_reject(setup, -1, "no words");
                *self = (void *)(uintptr_t)bytes.size;
                return EVALHOST_OK;
            }
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                return evalhost_number(out, (double)(uintptr_t)self);
            }
            EVALHOST_SCORER(planted, .reads = "outputs", .value = EVALHOST_ANY_NUMBER, .create = create, .score = score)
            EVALHOST_PLUGIN("planted", "0.1.0", &planted)
            """
        )
        try place.write(
            "my plugins/planted/tests/golden.jsonl",
            #"{"scorer": "planted", "row": {"outputs": "fine"}, "expect": {"value": 4}}"#
        )
        let outcome = try test()
        #expect(outcome.output == "1 passed, 0 failed\n", "\(outcome.output)\(outcome.error)")
    }

    @Test("a bug in create fails every row that needs the instance")
    func create() throws {
        try makePlugin("")
        let source = try place.read("my plugins/planted/planted.c")
        let create = """
            static evalhost_status create(const evalhost_setup *setup, void **self) {
                char *copy = malloc(3);
                copy[3 + setup->setting_count] = 1;
                *self = copy;
                return EVALHOST_OK;
            }
            EVALHOST_SCORER(planted, .create = create,
            """
        try place.write(
            "my plugins/planted/planted.c",
            source.replacing("EVALHOST_SCORER(planted,", with: create)
        )
        let outcome = try test()
        #expect(outcome.status == 1, "\(outcome.output)\(outcome.error)")
        #expect(outcome.output.contains("heap-buffer-overflow"), "\(outcome.output)")
        #expect(outcome.output.contains("in create"), "\(outcome.output)")
        #expect(outcome.output.hasSuffix("0 passed, 3 failed\n"), "\(outcome.output)")
    }

    @Test("a plugin in Swift, and a sandbox, are refused with the reason")
    func refused() throws {
        #expect(try place.run(["plugin", "new", "--language", "swift", "other"]).status == 0)
        try place.expectRefusal(
            ["plugin", "test", "--sanitize", "other"],
            2,
            "`--sanitize` is for plugins in C and C++"
        )
        let outcome = try place.run(["plugin", "test", "--sanitize", "--sandbox", "strict", "other"])
        #expect(outcome.status == 2 && outcome.error.contains("--sanitize runs without a sandbox"))
    }
}
