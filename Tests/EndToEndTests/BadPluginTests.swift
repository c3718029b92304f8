import EvalJSON
import Foundation
import Testing

@Suite struct BadPluginTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.writeSame(3)
    }

    /// The source of a plugin with a scorer that answers 1.
    private static func source(_ scorer: String = "plain", library: String = "plain", _ head: String = "") -> String {
        """
        #include <evalhost/scorer.h>
        \(head)
        static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
            return evalhost_number(out, 1);
        }
        EVALHOST_SCORER(\(scorer), .reads = "outputs", .value = EVALHOST_NUMBER(0, 1), .score = score)
        EVALHOST_PLUGIN("\(library)", "1.0.0", &\(scorer))
        """
    }

    /// Compiles C to `libraries/NAME`.
    @discardableResult
    private func compile(_ source: String, to name: String = "a.so", _ options: [String] = ["-shared"]) throws -> URL {
        let file = place.folder.appendingPathComponent("libraries/\(name)")
        try place.write("source.c", source)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        let include = "-I\(Workplace.checkout.path)/Sources/CEvalHost/include"
        let words = ["-std=gnu99", "-fPIC", "-fvisibility=hidden", include, "source.c", "-o", file.path] + options
        let outcome = try place.run(words, program: "/usr/bin/cc")
        try #require(outcome.status == 0, "\(outcome.error)")
        return file
    }

    /// Every command that looks into the folder refuses it; with `--skip-broken-plugins` a run goes on without it.
    private func expectRefused(_ words: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let evaluate = ["evaluate", "--data", "rows.jsonl", "--scorer", "exact_match", "--plugins", "libraries"]
        for command in [
            evaluate, ["score", "--data", "rows.jsonl", "--scorer", "exact_match", "--plugins", "libraries"],
            ["scorers", "list", "--plugins", "libraries"],
        ] {
            try place.expectRefusal(
                command,
                2,
                "error: libraries",
                words,
                "--skip-broken-plugins goes on without it",
                sourceLocation: sourceLocation
            )
        }
        #expect(!place.exists(".evalhost"), sourceLocation: sourceLocation)
        let lenient = try place.run(evaluate + ["--skip-broken-plugins"])
        #expect(lenient.status == 0, "\(lenient.error)", sourceLocation: sourceLocation)
        #expect(lenient.error.contains("warning: left out: libraries"), sourceLocation: sourceLocation)
    }

    @Test("the library that the others damage is fine as it is")
    func whole() throws {
        try compile(Self.source())
        let outcome = try place.run(["evaluate", "--data", "rows.jsonl", "--plugins", "libraries", "--format", "json"])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(try JSON(parsing: outcome.output)["metrics"]?["plain/mean"] == 1)
    }

    @Test("a folder that isn't there, and a file in its place")
    func noFolder() throws {
        try expectRefused("the plugin folder can't be read: it isn't there")
        let other = try BadPluginTests()
        try other.place.write("libraries", "text")
        try other.expectRefused("the plugin folder can't be read: it is a file")
    }

    @Test("a folder that may not be read", .enabled(if: Nobody.prefix != nil, "root may read everything"))
    func forbiddenFolder() throws {
        try compile(Self.source())
        chmod(place.folder.appendingPathComponent("libraries").path, 0o700)
        if getuid() != 0 { chmod(place.folder.appendingPathComponent("libraries").path, 0) }
        let outcome = try place.shell(
            "exec \"$0\" evaluate --data rows.jsonl --plugins libraries --store :memory:",
            prefix: Nobody.prefix ?? []
        )
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("libraries: the plugin folder can't be read: you may not read it"))
        chmod(place.folder.appendingPathComponent("libraries").path, 0o700)
    }

    @Test("an empty folder has no scorer, and is no obstacle to others")
    func emptyFolder() throws {
        try FileManager.default.createDirectory(
            at: place.folder.appendingPathComponent("libraries"),
            withIntermediateDirectories: false
        )
        let evaluate = ["evaluate", "--data", "rows.jsonl", "--plugins", "libraries"]
        try place.expectRefusal(evaluate, 2, "there is no scorer")
        try place.expectRefusal(["--plugins", "libraries"], 2, "there is no plugin in libraries")
        #expect(try place.run(evaluate + ["--scorer", "exact_match"]).status == 0)
    }

    @Test("a program, a FIFO, a folder and a dangling link in the place of a library")
    func otherFiles() throws {
        try FileManager.default.createDirectory(
            at: place.folder.appendingPathComponent("libraries/a.so"),
            withIntermediateDirectories: true
        )
        try expectRefused("libraries/a.so: this is a folder, not a library")
        for (words, make) in [
            ("this is a FIFO, not a library", { (path: String) in mkfifo(path, 0o600) == 0 }),
            ("there is no such library", { path in symlink("/no/such/library.so", path) == 0 }),
            (
                "this is a program, not a library",
                { path in
                    (try? Data(contentsOf: URL(fileURLWithPath: "/bin/sh")).write(to: URL(fileURLWithPath: path)))
                        != nil
                }
            ),
        ] {
            let other = try BadPluginTests()
            let folder = other.place.folder.appendingPathComponent("libraries")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
            #expect(make(folder.appendingPathComponent("a.so").resolvingSymlinksInPath().path))
            try other.expectRefused("libraries/a.so: \(words)")
        }
    }

    @Test("a library that is cut short, which would be a SIGBUS if it were loaded", arguments: [100, 4_000, 12_000])
    func truncated(size: Int) throws {
        let file = try compile(Self.source())
        try Data(contentsOf: file).prefix(size).write(to: file)
        try expectRefused("libraries/a.so: the library is cut short: it has \(size) bytes, its segments need")
    }

    @Test("a library that is cut short after it was described")
    func truncatedLater() throws {
        let file = try compile(Self.source())
        let evaluate = ["evaluate", "--data", "rows.jsonl", "--plugins", "libraries"]
        #expect(try place.run(evaluate).status == 0)
        try Data(contentsOf: file).prefix(4_000).write(to: file)
        try place.expectRefusal(evaluate, 2, "the library is cut short: it has 4000 bytes")
        #expect(try place.latest()?["rows"] == 3)
    }

    @Test("a library for 32-bit programs, and one for another machine")
    func otherMachines() throws {
        let file = try compile(Self.source())
        let whole = try Data(contentsOf: file)
        var changed = whole
        changed[4] = 1
        try changed.write(to: file)
        try expectRefused("libraries/a.so: the library is for 32-bit programs, evalhost has 64")
        let other = try BadPluginTests()
        changed = whole
        changed[18] = whole[18] == 62 ? 183 : 62
        try other.place.write("libraries/a.so", "")
        try other.place.write("libraries/a.so", bytes: changed)
        try other.expectRefused("libraries/a.so: the library is for \(whole[18] == 62 ? "arm64" : "x86-64")")
    }

    @Test("a library without the entry, and one of a newer ABI")
    func otherContracts() throws {
        let hidden = "#undef EVALHOST_EXPORT\n#define EVALHOST_EXPORT\n"
        try compile(Self.source().replacing("EVALHOST_PLUGIN", with: hidden + "EVALHOST_PLUGIN"))
        try expectRefused("libraries/a.so: the library doesn't export evalhost_plugin_entry")
        let other = try BadPluginTests()
        try other.compile(
            Self.source(
                "plain",
                library: "plain",
                "#undef EVALHOST_ABI_VERSION\n#define EVALHOST_ABI_VERSION \(2 << 16)u"
            )
        )
        try other.expectRefused("libraries/a.so: the library speaks ABI 2.0, this evalhost speaks")
    }

    @Test("a library that needs another one, which isn't there")
    func missingDependency() throws {
        let stub = try compile("int stub(void) { return 0; }", to: "../libstub.so.1")
        try compile(Self.source(), to: "a.so", ["-shared", "-Wl,--no-as-needed", stub.path])
        try FileManager.default.removeItem(at: stub)
        try expectRefused("libstub.so.1, which isn't installed")
    }

    @Test("two libraries with a scorer of one name: each is had by its full name")
    func sameName() throws {
        try compile(Self.source(library: "one"), to: "one.so")
        try compile(Self.source(library: "two"), to: "two.so")
        let evaluate = ["evaluate", "--data", "rows.jsonl", "--plugins", "libraries"]
        try place.expectRefusal(evaluate, 2, "two scorers are called 'plain' (plain@one and plain@two)")
        try place.expectRefusal(evaluate + ["--scorer", "plain"], 2, "Name one of: plain@one, plain@two.")
        #expect(try place.run(evaluate + ["--scorer", "plain@two"]).status == 0)
        let both = try place.run(
            evaluate + ["--scorer", "plain@one", "--scorer", "plain@two:name=other", "--format", "json"]
        )
        #expect(try JSON(parsing: both.output)["metrics"]?["other/mean"] == 1, "\(both.error)")
    }
}
