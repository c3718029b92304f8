import EvalCore
import EvalJSON
import EvalPlugins
import Foundation
import Testing

@Suite("Settings, threads and deadlines")
struct LivingTests {
    private func workshop() throws -> Workshop {
        let workshop = try Workshop()
        try workshop.compile(
            """
            #include <evalhost/scorer.h>
            #include <pthread.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <unistd.h>
            static const char *const units[] = {"words", "bytes"};
            static const evalhost_setting settings[] = {
                EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "3", "Most.", .minimum = 1, .flags = EVALHOST_HAS_MINIMUM),
                EVALHOST_SETTING("factor", EVALHOST_KIND_NUMBER, "0.5", "Times."),
                EVALHOST_SETTING("loud", EVALHOST_KIND_BOOLEAN, "false", "Loud."),
                EVALHOST_SETTING("unit", EVALHOST_KIND_TEXT, "words", "Unit.", .choices = units, .choice_count = 2),
                EVALHOST_SETTING("names", EVALHOST_KIND_TEXTS, "[\\"a\\",\\"b\\"]", "Names."),
                EVALHOST_SETTING("cap", EVALHOST_KIND_NUMBER, NULL, "Cap.", .flags = EVALHOST_OPTIONAL),
            };
            typedef struct { char words[256]; pthread_t thread; } instance;
            static evalhost_status create(const evalhost_setup *setup, void **self) {
                const evalhost_field *s = setup->settings;
                const evalhost_text *names = s[4].items;
                if (s[0].integer == 13) return evalhost_reject(setup, 0, "brings bad luck");
                instance *it = malloc(sizeof *it);
                it->thread = pthread_self();
                sprintf(it->words, "%s %lld %g %lld %s %llu:%s %u %s %s", setup->scorer->name, (long long)s[0].integer,
                    s[1].number, (long long)s[2].integer, s[3].text.data, (unsigned long long)s[4].count,
                    s[4].count ? names[s[4].count - 1].data : "-", s[5].kind, setup->json.data, setup->host->version);
                *self = it;
                return EVALHOST_OK;
            }
            static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
                instance *it = self;
                volatile char large[1500000]; large[0] = large[1499999] = 1;
                if (evalhost_text_equal(row->fields[0].text, evalhost_text_of("hang"))) for (;;) pause();
                if (!pthread_equal(it->thread, pthread_self())) return evalhost_error(out, "another thread");
                return evalhost_string(out, evalhost_text_of(it->words));
            }
            static void destroy(void *self) { free(self); }
            EVALHOST_SCORER(living, .reads = "outputs", .value = EVALHOST_TEXT, EVALHOST_SETTINGS(settings), .create = create,
                            .score = score, .destroy = destroy)
            EVALHOST_PLUGIN("living", "1", &living)
            """
        )
        return workshop
    }

    private func words(_ configuration: JSON) async throws -> FeedbackValue? {
        let workshop = try workshop()
        let scorer = try await workshop.scorer("living", configuration: configuration)
        return await scorer.score([try row("a")])[0].values.first?.value
    }

    @Test("create gets defaults and given values in the declared order")
    func settings() async throws {
        let defaults = #"{"limit":3,"factor":0.5,"loud":false,"unit":"words","names":["a","b"]}"#
        #expect(try await words([:]) == .text("living 3 0.5 0 words 2:b 1 \(defaults) \(HostVersion.current)"))
        let given: JSON = ["cap": 2, "names": ["z"], "unit": "bytes", "loud": true, "factor": 2, "limit": 7]
        let json = #"{"limit":7,"factor":2,"loud":true,"unit":"bytes","names":["z"],"cap":2}"#
        #expect(try await words(given) == .text("living 7 2 1 bytes 1:z 5 \(json) \(HostVersion.current)"))
    }

    @Test("settings that don't fit are refused before the plugin sees them")
    func wrongSettings() async throws {
        for (configuration, message) in [
            (["limit": 0], "'limit' must be at least 1 in the configuration of 'living'"),
            (["unit": "word"], "'unit' must be one of words, bytes in the configuration of 'living'"),
            (["limt": 1], "'living' has no setting 'limt'"),
        ] as [(JSON, String)] {
            let error = await #expect(throws: Diagnostic.self) { try await words(configuration) }
            #expect(error?.message == message)
        }
    }

    @Test("what create refuses is told with the setting")
    func rejected() async throws {
        let error = await #expect(throws: Diagnostic.self) { try await words(["limit": 13]) }
        #expect(error?.message == "'limit' of 'living': brings bad luck")
    }

    @Test("a hanging row is an error on its row only, and the others are scored by a fresh instance")
    func deadline() async throws {
        let workshop = try workshop()
        let scorer = try await workshop.scorer("living", options: workshop.options(row: .milliseconds(50)))
        let verdicts = await scorer.score(try ["a", "hang", "b", "hang", "c"].map { try row(JSON($0)) })
        #expect(verdicts.map(\.errorCode) == [nil, "deadline", nil, "deadline", nil])
        #expect(verdicts[1].errorMessage == "living@living 1 took longer than 0.05 seconds")
    }

    @Test("in process a scorer that only hangs is retired after five rows")
    func retired() async throws {
        let workshop = try workshop()
        let options = workshop.options(row: .milliseconds(20), isolation: .inprocess)
        let scorer = try await workshop.scorer("living", options: options)
        let verdicts = await scorer.score(try Array(repeating: row("hang"), count: 7))
        #expect(
            verdicts.map(\.errorCode) == Array(repeating: "deadline", count: 5) + ["plugin_retired", "plugin_retired"]
        )
    }

    @Test("in workers it is retired after five rows and five from later in the source")
    func retiredInWorkers() async throws {
        let workshop = try workshop()
        let scorer = try await workshop.scorer("living", options: workshop.options(row: .milliseconds(20)))
        let verdicts = await scorer.score(try Array(repeating: row("hang"), count: 40))
        #expect(verdicts.count { $0.errorCode == "deadline" } == 10)
        #expect(verdicts.count { $0.errorCode == "plugin_retired" } == 30)
        #expect(verdicts.prefix(5).allSatisfy { $0.errorCode == "deadline" } && verdicts[39].errorCode == "deadline")
    }

    @Test("many batches at once are answered in order, each by an instance that stays on its thread")
    func concurrency() async throws {
        let workshop = try workshop()
        let scorer = try await workshop.scorer("living")
        let rows = try (0..<100).map { _ in try row("a") }
        let columns = await withTaskGroup(of: [Verdict].self) { group in
            for _ in 0..<32 { group.addTask { await scorer.score(rows) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(columns.count == 32)
        #expect(columns.allSatisfy { $0.count == 100 && $0.allSatisfy { $0.errorCode == nil } })
    }
}
