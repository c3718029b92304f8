// Workers as their host sees them: what plugins say, what they may read, what is refused, and what is left behind.

import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Synchronization
import Testing

/// Collects what is heard of plugins.
final class Heard: Sendable {
    private let all = Mutex<[PluginLine]>([])
    var lines: [PluginLine] { all.withLock { $0 } }
    var hear: @Sendable (PluginLine) -> Void { { line in self.all.withLock { $0.append(line) } } }
}

@Suite struct IsolationTests {
    /// A scorer that does what `outputs` says.
    private static let source = """
        #include <evalhost/scorer.h>
        #include <evalhost/ext/log.h>
        #include <evalhost/ext/assets.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>
        #include <sys/socket.h>
        #include <signal.h>
        static const evalhost_host *host;
        static evalhost_status create(const evalhost_setup *setup, void **self) {
            *self = malloc(1);
            host = setup->host;
            return EVALHOST_OK;
        }
        static void destroy(void *self) { free(self); puts("destroyed"); fflush(stdout); }
        static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
            const char *what = row->fields[0].text.data;
            if (!strcmp(what, "print")) { puts("printed"); fflush(stdout); }
            if (!strcmp(what, "log")) {
                const evalhost_log *log = evalhost_extension(host, EVALHOST_EXT_LOG, EVALHOST_EXT_LOG_REVISION);
                if (log) log->write(host, row, EVALHOST_LOG_WARNING, evalhost_text_of("logged"));
            }
            if (!strcmp(what, "asset")) {
                const evalhost_assets *assets = evalhost_extension(host, EVALHOST_EXT_ASSETS, 1);
                evalhost_text text;
                if (!assets || assets->find(host, "words/list.txt", &text)) return evalhost_error(out, "no asset");
                return evalhost_string(out, text);
            }
            if (!strcmp(what, "escape")) {
                const evalhost_assets *assets = evalhost_extension(host, EVALHOST_EXT_ASSETS, 1);
                evalhost_text text;
                return evalhost_string(out, evalhost_text_of(assets->find(host, "../outside", &text) ? "no" : "got out"));
            }
            if (!strcmp(what, "socket")) { int s = socket(AF_INET, SOCK_STREAM, 0); if (s >= 0) close(s);
                return evalhost_string(out, evalhost_text_of(s >= 0 ? "got through" : "refused")); }
            if (!strcmp(what, "environment")) {
                extern char **environ;
                static char names[4096];
                size_t used = 0;
                for (char **at = environ; *at && used < sizeof names - 300; at++)
                    used += (size_t)snprintf(names + used, 256, "%.*s ", (int)strcspn(*at, "="), *at);
                return evalhost_string(out, evalhost_text_of(names));
            }
            if (!strcmp(what, "user")) { char text[32]; snprintf(text, sizeof text, "%d", (int)getuid()); return evalhost_string(out, evalhost_text_of(text)); }
            if (!strcmp(what, "killed")) { static int fd = -1; (void)fd; raise(SIGKILL); }
            return evalhost_string(out, row->fields[0].text);
        }
        EVALHOST_SCORER(doing, .reads = "outputs", .value = EVALHOST_TEXT, .create = create, .score = score, .destroy = destroy)
        EVALHOST_PLUGIN("doing", "1.0.0", &doing)
        """

    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        try FileManager.default.createDirectory(atPath: "\(workshop.plugins)/doing", withIntermediateDirectories: true)
        try workshop.compile(Self.source, to: "doing/doing.so")
        return workshop
    }

    private func say(_ words: [String], _ workshop: Workshop, _ options: PluginOptions) async throws -> [Verdict] {
        let scorer = try await workshop.scorer("doing", options: options)
        return await scorer.score(try words.map { try row(JSON($0)) })
    }

    @Test("what a plugin prints and logs is heard, with its level", arguments: PluginIsolation.allCases)
    func lines(isolation: PluginIsolation) async throws {
        let workshop = try workshop()
        let heard = Heard()
        var options = workshop.options(isolation: isolation)
        options.hear = heard.hear
        _ = try await say(["print", "log", "a"], workshop, options)
        await workshop.catalog?.endWorkers()
        let logged = heard.lines.filter { $0.text == "logged" }
        #expect(logged == [PluginLine(plugin: "doing", level: .warning, text: "logged", isPlugins: true)])
        if isolation == .process {
            #expect(heard.lines.contains(PluginLine(plugin: "doing", level: .info, text: "printed", isPlugins: true)))
            #expect(heard.lines.contains { $0.text == "destroyed" }, "instances are destroyed at the end")
        }
    }

    @Test(
        "assets beside the library are read through their extension, and nothing else is",
        arguments: PluginIsolation.allCases
    )
    func assets(isolation: PluginIsolation) async throws {
        let workshop = try workshop()
        let folder = "\(workshop.plugins)/doing/assets/words"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "one two".write(toFile: "\(folder)/list.txt", atomically: true, encoding: .utf8)
        try "secret".write(toFile: "\(workshop.plugins)/doing/outside", atomically: true, encoding: .utf8)
        let verdicts = try await say(["asset", "escape"], workshop, workshop.options(isolation: isolation))
        #expect(verdicts.map { $0.values.first?.value } == [.text("one two"), .text("no")])
    }

    @Test("a refused call stands in the row's metadata; under strict it is the row's error")
    func denials() async throws {
        let workshop = try workshop()
        var options = workshop.options()
        let verdicts = try await say(["a", "socket", "b"], workshop, options)
        #expect(verdicts.map { $0.values.first?.value } == [.text("a"), .text("refused"), .text("b")])
        #expect(verdicts[1].values.first?.metadata?["evalhost.sandbox"]?["denied"] == ["socket"])
        #expect(verdicts[0].values.first?.metadata == nil)
        options.sandbox = .strict
        #expect(try await say(["a", "socket"], workshop, options).map(\.errorCode) == [nil, "sandbox_denied"])
        options.sandbox = .off
        #expect(try await say(["socket"], workshop, options)[0].values.first?.value == .text("got through"))
    }

    @Test("only the lock lets a plugin out: the network for the one that it names")
    func permissions() async throws {
        let workshop = try workshop()
        var options = workshop.options()
        let found = try await PluginCatalog.inspect("\(workshop.plugins)/doing/doing.so", options: options)
        var lock = PluginLock(path: "\(workshop.folder)/plugins.lock")
        lock.trust(.init(library: "doing", version: "1.0.0", digest: found.digest, permissions: [.network]))
        options.lock = lock
        #expect(try await say(["socket"], workshop, options)[0].values.first?.value == .text("got through"))
    }

    @Test("a plugin sees nothing of the host's environment, and as root it is nobody")
    func cleanPlace() async throws {
        // The tests' own environment is left alone: other tests start programs with it meanwhile.
        #expect(ProcessInfo.processInfo.environment.count > 1)
        let workshop = try workshop()
        let verdicts = try await say(["environment", "user"], workshop, workshop.options())
        let own: Set = ["PATH", "HOME", "LANG", "SWIFT_BACKTRACE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]
        guard case .text(let names)? = verdicts[0].values.first?.value else {
            Issue.record("\(verdicts[0])")
            return
        }
        #expect(Set(names.split(separator: " ").map { String($0) }).subtracting(["TZ"]) == own)
        #expect(verdicts[1].values.first?.value == .text(geteuid() == 0 ? "65534" : "\(geteuid())"))
    }

    @Test("a row whose worker is killed twice is an error, and what it was told to do is not")
    func killed() async throws {
        let workshop = try workshop()
        let verdicts = try await say(["a", "killed", "b"], workshop, workshop.options())
        #expect(verdicts.map(\.errorCode) == [nil, "plugin_killed", nil])
        #expect(
            verdicts[1].errorMessage == "doing@doing 1.0.0 had its process ended by SIGKILL, also in a fresh worker"
        )
    }

    @Test("without a worker nothing runs, not even in this process")
    func noWorker() async throws {
        let workshop = try workshop()
        var options = workshop.options()
        options.worker = "/no/such/worker"
        let refusal = try await workshop.refusal(options)
        #expect(refusal.message == "there is no program evalhost-worker")
        #expect(refusal.category == .unavailable)
    }

    @Test("a program that is no worker is told from one that is of another version")
    func otherWorker() async throws {
        let workshop = try workshop()
        var options = workshop.options()
        options.worker = "/bin/true"
        let refusal = try await workshop.refusal(options)
        #expect(refusal.message.contains("its worker ended") || refusal.message.contains("exit status 0"), "\(refusal)")
    }

    @Test("when everything is over no worker, descriptor or shared memory of a library is left")
    func nothingLeft() async throws {
        let workshop = try workshop()
        try FileManager.default.moveItem(atPath: "\(workshop.plugins)/doing", toPath: "\(workshop.plugins)/leftover")
        try FileManager.default.moveItem(
            atPath: "\(workshop.plugins)/leftover/doing.so",
            toPath: "\(workshop.plugins)/leftover/leftover.so"
        )
        func shared() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
                .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
                .filter { $0.hasPrefix("/memfd:evalhost-r") && $0.contains(" leftover.so") }
        }
        do {
            let scorer = try await workshop.scorer("doing")
            #expect(await scorer.score([try row("killed"), try row("a")]).map(\.errorCode) == ["plugin_killed", nil])
            #expect(try !shared().isEmpty)
        }
        await workshop.catalog?.endWorkers()
        #expect(try shared() == [])
    }
}
