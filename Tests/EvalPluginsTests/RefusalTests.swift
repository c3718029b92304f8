import EvalCore
import EvalPlugins
import Foundation
import Testing

@Suite("Refusals")
struct RefusalTests {
    /// Checks a refusal's words, and that no line of the library ran.
    private func expect(_ message: String, _ workshop: Workshop, hasRun: Bool = false) async throws {
        let refusal = try await workshop.refusal()
        #expect(refusal.message == message)
        #expect(refusal.location.file?.hasPrefix(workshop.plugins) == true)
        #expect(FileManager.default.fileExists(atPath: workshop.marker) == hasRun)
    }

    @Test("the library that every other test damages is fine as it is")
    func whole() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.plainSource)
        let catalog = await workshop.catalog()
        #expect(catalog.refusals.isEmpty)
        #expect(catalog.descriptors.map(\.name) == ["plain"])
    }

    @Test(
        "a truncated library is refused at every length, before it runs",
        arguments: [4, 63, 64, 500, 1000, 4096, 12000]
    )
    func truncated(size: Int) async throws {
        let workshop = try Workshop()
        let path = try workshop.compile(workshop.plainSource)
        try workshop.patch(path) { $0 = Array($0.prefix(size)) }
        let refusal = try await workshop.refusal()
        #expect(refusal.message.hasPrefix("the library is cut short: it has \(size) bytes, its segments need "))
        #expect(!FileManager.default.fileExists(atPath: workshop.marker))
    }

    @Test("a file that is no ELF file is refused", arguments: ["", "ab", "#!/bin/sh\necho hello\n", "!<arch>\nabc"])
    func text(content: String) async throws {
        let workshop = try Workshop()
        try content.write(toFile: "\(workshop.plugins)/text.so", atomically: true, encoding: .utf8)
        try await expect("this is not an ELF library", workshop)
    }

    @Test("a library for another kind of machine is refused by name")
    func otherMachines() async throws {
        let machine: UInt8 = ELF.machineByte
        for (message, change) in [
            ("the library is for 32-bit programs, evalhost has 64", { (bytes: inout [UInt8]) in bytes[4] = 1 }),
            ("the library has big-endian byte order", { bytes in bytes[5] = 2 }),
            (
                machine == 62
                    ? "the library is for arm64, this machine is x86-64"
                    : "the library is for x86-64, this machine is arm64",
                { bytes in bytes[18] = machine == 62 ? 183 : 62 }
            ),
        ] {
            let workshop = try Workshop()
            try workshop.patch(try workshop.compile(workshop.plainSource), change)
            try await expect(message, workshop)
        }
    }

    @Test("programs and object files are refused")
    func programs() async throws {
        for (message, options) in [
            ("this is a program, not a library", ["-DPROGRAM"]),
            ("this is a program, not a library", ["-DPROGRAM", "-no-pie", "-fno-pie"]),
            ("this is an object file that was never linked", ["-c"]),
        ] {
            let workshop = try Workshop()
            let program = "\n#ifdef PROGRAM\nint main(void) { return 0; }\n#endif\n"
            try workshop.compile(workshop.plainSource + program, to: "plugin.so", options)
            try await expect(message, workshop)
        }
    }

    @Test("a FIFO is refused and doesn't block")
    func fifo() async throws {
        let workshop = try Workshop()
        #expect(mkfifo("\(workshop.plugins)/pipe.so", 0o600) == 0)
        try await expect("this is a FIFO, not a library", workshop)
    }

    @Test("a folder and a dangling link are refused")
    func noFiles() async throws {
        let folder = try Workshop()
        try FileManager.default.createDirectory(
            atPath: "\(folder.plugins)/folder.so",
            withIntermediateDirectories: false
        )
        try await expect("this is a folder, not a library", folder)
        let link = try Workshop()
        #expect(symlink("/no/such/library.so", "\(link.plugins)/link.so") == 0)
        try await expect("there is no such library", link)
    }

    @Test("a link to a library is followed")
    func link() async throws {
        let workshop = try Workshop()
        let path = try workshop.compile(workshop.plainSource)
        try FileManager.default.createDirectory(atPath: "\(workshop.folder)/other", withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: path, toPath: "\(workshop.folder)/other/real.so")
        #expect(symlink("\(workshop.folder)/other/real.so", path) == 0)
        let catalog = await workshop.catalog()
        #expect(catalog.descriptors.map(\.name) == ["plain"])
    }

    @Test("a library that everybody may change or replace is refused, with the command that mends it")
    func writable() async throws {
        let file = try Workshop()
        let path = try file.compile(file.plainSource)
        chmod(path, 0o666)
        try await expect("everybody may write to this library", file)
        #expect(try await file.refusal().help == "Run `chmod o-w \(path)`.")

        let folder = try Workshop()
        try folder.compile(folder.plainSource)
        chmod(folder.plugins, 0o777)
        try await expect("everybody may replace this library, since its folder is writable to all", folder)
    }

    @Test("a library without the note is no plugin, and none of its code runs")
    func stranger() async throws {
        let workshop = try Workshop()
        try workshop.compile(workshop.markerSource + "\nint evalhost_plugin_entry(void) { return 0; }")
        try await expect("this library is no plugin of evalhost: it has no note of its ABI", workshop)
    }

    @Test(
        "a library of a newer or older ABI is refused, with the side that has to move",
        arguments: [2 << 16, 1 << 16 | 1, 9]
    )
    func otherABI(version: Int) async throws {
        let workshop = try Workshop()
        let source =
            "#include <evalhost/scorer.h>\n#undef EVALHOST_ABI_VERSION\n#define EVALHOST_ABI_VERSION \(version)u\n"
        try workshop.compile(source + workshop.plainSource)
        let words = "\(version >> 16).\(version & 0xFFFF)"
        try await expect("the library speaks ABI \(words), this evalhost speaks 1.0", workshop)
        let help = try await workshop.refusal().help
        #expect(help?.hasPrefix(version > 1 << 16 ? "Update evalhost" : "Remove its Vendor/EvalHostSDK") == true)
    }

    @Test("a library that exports no entry is refused")
    func noEntry() async throws {
        let workshop = try Workshop()
        let source = workshop.plainSource.replacingOccurrences(
            of: "EVALHOST_PLUGIN",
            with: "#undef EVALHOST_EXPORT\n#define EVALHOST_EXPORT\nEVALHOST_PLUGIN"
        )
        try workshop.compile(source)
        try await expect("the library doesn't export evalhost_plugin_entry", workshop, hasRun: true)
    }

    @Test("a missing library and a missing symbol are named")
    func missingParts() async throws {
        let dependency = try Workshop()
        let stub = try dependency.compile("int stub(void) { return 0; }", to: "../libstub.so.1", ["-shared"])
        try dependency.compile(dependency.plainSource, to: "plugin.so", ["-shared", "-Wl,--no-as-needed", stub])
        try FileManager.default.removeItem(atPath: stub)
        let refusal = try await dependency.refusal()
        #expect(refusal.message.hasSuffix("libstub.so.1, which isn't installed"))

        let symbol = try Workshop()
        try symbol.compile(
            symbol.plainSource + "\nint nowhere(void);\nint use(void);\nint use(void) { return nowhere(); }"
        )
        try await expect("the library uses nowhere, which no library that it names defines", symbol)
    }

    @Test("a library that says that it can't run here is believed")
    func problem() async throws {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            EVALHOST_LIBRARY(.name = "fast", .version = "1", .problem = "needs AVX-512")
            """
        )
        try await expect("the library can't be used here: needs AVX-512", workshop)
    }

    // Not a constructor: one that hangs holds the loader's lock, and with it every later test of this process.
    @Test("an entry that never returns costs its deadline, not the host")
    func endlessEntry() async throws {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            #include <unistd.h>
            EVALHOST_NOTE
            EVALHOST_EXPORT const evalhost_plugin *evalhost_plugin_entry(void);
            const evalhost_plugin *evalhost_plugin_entry(void) { for (;;) pause(); }
            """
        )
        let refusal = try await workshop.refusal(workshop.options(load: .milliseconds(50)))
        #expect(refusal.message == "loading the library took longer than 0.05 seconds")
    }

    @Test(
        "a wrong description is refused with what is wrong in it",
        arguments: [
            (".value = EVALHOST_NUMBER(1, 0)", "the value of wrong has bounds that aren't in order"),
            (".value = { .kind = 77 }", "the value of wrong has kind 77"),
            (
                ".value = { .kind = EVALHOST_KIND_LABEL }",
                "a category has labels that differ, and nothing else has any; wrong doesn't"
            ),
            (".flags = 0", "wrong has neither a value nor feedbacks"),
            (".value = EVALHOST_BOOLEAN, .setting_count = 3", "it has 3 settings of wrong, 64 are allowed"),
            (
                ".value = EVALHOST_BOOLEAN, .pass = \"> much\"",
                "the rule `pass` of wrong is none: `>= 0.8`, `yes`, or labels separated by `|`"
            ),
            (
                ".value = EVALHOST_BOOLEAN, .help = \"\\xff\"",
                "the help of wrong is longer than 4096 bytes, or not UTF-8"
            ),
            (
                ".value = EVALHOST_BOOLEAN, .reads = \"output\"",
                "the field output doesn't begin with one of inputs, outputs, expectations, tags"
            ),
            (
                ".value = EVALHOST_BOOLEAN, .reads = \"outputs:word\"",
                "outputs:word isn't followed by text, integer, number, boolean or json"
            ),
            (
                ".value = EVALHOST_BOOLEAN, .settings = taken, .setting_count = 1",
                "the setting pass of wrong is the host's own"
            ),
            (
                ".value = EVALHOST_BOOLEAN, .settings = unfit, .setting_count = 1",
                "the default of the setting limit is 'many'"
            ),
        ]
    )
    func wrongDescription(members: String, words: String) async throws {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            static const evalhost_setting taken[] = {EVALHOST_SETTING("pass", EVALHOST_KIND_TEXT, "", "")};
            static const evalhost_setting unfit[] = {EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "many", "")};
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                return (taken == unfit) + evalhost_number(out, 1);
            }
            EVALHOST_SCORER(wrong, .score = score, \(members))
            EVALHOST_PLUGIN("wrong", "1", &wrong)
            """
        )
        try await expect("the library describes itself wrongly: \(words)", workshop)
    }
}

enum ELF {
    /// `e_machine` of this machine; its low byte says enough.
    static var machineByte: UInt8 {
        #if arch(arm64)
        183
        #else
        62
        #endif
    }
}
