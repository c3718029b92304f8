/* The plugin `everything`, as a host in C sees it. Usage: kit_tests X.so */
#include "../CEvalHostTests/tiny_host.h"

static void check_judge(const evalhost_scorer *asking) {
    evalhost_field setting, fields[1];
    void *self;

    memset(&setting, 0, sizeof setting);
    setting.kind = EVALHOST_KIND_INTEGER, setting.integer = 2, setting.number = 2;
    CHECK(asking->flags == EVALHOST_CALLS_JUDGE && asking->score && !asking->extension);
    CHECK(tiny_create(asking, &setting, &self) == EVALHOST_ERROR && strstr(tiny.message, "this run has none"));
    tiny.judge_reply = "";
    CHECK(tiny_create(asking, &setting, &self) == EVALHOST_ERROR);
    CHECK(strcmp(tiny.message, "the file assets/prompt.txt is missing") == 0);
    tiny.asset_path = "prompt.txt", tiny.asset = "\xff";
    CHECK(tiny_create(asking, &setting, &self) == EVALHOST_ERROR && strstr(tiny.message, "isn't UTF-8"));
    tiny.asset = "Judge \xc3\xa4.";
    CHECK(tiny_create(asking, &setting, &self) == EVALHOST_OK && strcmp(tiny.line, "2 asks with 9 bytes") == 0);

    fields[0] = tiny_text("an answer");
    tiny.judge_reply = " {\"nested\":{\"why\":[\"}\",1]},\"why\":\"a \\\"b\\\" \\u00e4 \\ud83d\\ude00\\n\","
                       " \"score\":-2.5e1 , \"agrees\":true}";
    CHECK(tiny_score(asking, self, fields, 1) == EVALHOST_OK && tiny.answer_count == 3 && tiny.sample == 2);
    CHECK(strcmp(tiny.question, "system: Judge \xc3\xa4.\nuser: an answer\n") == 0);
    CHECK(strcmp(tiny.schema, "{\"type\":\"object\",\"required\":[\"why\",\"agrees\"]}") == 0);
    CHECK(strcmp(tiny.answers[0].text, "a \"b\" \xc3\xa4 \xf0\x9f\x98\x80\n") == 0);
    CHECK(strcmp(tiny.answers[0].rationale, "tiny, tiny-1, 7") == 0);
    CHECK(strcmp(tiny.answers[0].metadata, "{\"cost\":0.25,\"output\":true}") == 0);
    CHECK(tiny.answers[1].number == -25 && tiny.answers[2].integer == 1 && strcmp(tiny.line, "4 asked (row)") == 0);

    /* What fits no schema, and isn't JSON, is read to its end and no further. */
    {
        static const char *const broken[] = {"", "{", "{}", "[]", "{\"why\"", "{\"why\":", "{\"why\":\"a", "{\"why\":\"\\",
                                             "{\"why\":\"\\ud83d\"}", "{\"why\":{\"a\":\"}", "{\"why\":1,\"agrees\":true}",
                                             "{\"why\":\"a\",\"agrees\":tru", "{\"why\":\"a\",\"agrees\":null}"};
        for (size_t each = 0; each < sizeof broken / sizeof broken[0]; each++) {
            tiny.judge_reply = broken[each];
            CHECK(tiny_score(asking, self, fields, 1) == EVALHOST_ERROR && strstr(tiny.message, "not in the reply"));
        }
    }
    tiny.judge_error = "the budget is spent";
    CHECK(tiny_score(asking, self, fields, 1) == EVALHOST_ERROR && strcmp(tiny.message, tiny.judge_error) == 0);
    tiny.judge_error = NULL;
    asking->destroy(self);
}

int main(int count, char **arguments) {
    const evalhost_plugin *plugin;
    const evalhost_scorer *forbidden, *talking;
    evalhost_field setting = {0}, fields[3];
    void *self;

    if (count != 2) return 2;
    plugin = tiny_open(arguments[1]);
    CHECK(!plugin->problem && plugin->abi_version == EVALHOST_ABI_VERSION && plugin->scorer_count == 3);
    CHECK(plugin->permission_count == 2 && strcmp(plugin->permissions[0].permission, "network") == 0);
    CHECK(strcmp(plugin->permissions[1].permission, "memory:2048M") == 0);
    CHECK(strcmp(plugin->permissions[1].reason, "holds them") == 0);
    check_judge(tiny_scorer(plugin, "asking"));

    forbidden = tiny_scorer(plugin, "forbidden");
    fields[0] = tiny_text("an answer");
    CHECK(tiny_create(forbidden, NULL, &self) == EVALHOST_OK);
    CHECK(tiny_score(forbidden, self, fields, 1) == EVALHOST_ERROR && strstr(tiny.message, ".callsJudge"));
    CHECK(tiny.judge_calls == 0);
    forbidden->destroy(self);

    talking = tiny_scorer(plugin, "talking");
    setting = tiny_text("mm");
    CHECK(talking->flags == (EVALHOST_SCORES_SESSION | EVALHOST_DETERMINISTIC) && !talking->score);
    CHECK(tiny_create(talking, &setting, &self) == EVALHOST_OK);
    fields[0] = tiny_text("mm"), fields[1] = tiny_text("yes");
    memset(&fields[2], 0, sizeof fields[2]);
    CHECK(tiny_score_session(talking, self, fields, 1, 3) == EVALHOST_OK && tiny.answers[0].integer == 1);
    CHECK(strcmp(tiny.answers[0].rationale, "the last at 2000000000") == 0);
    CHECK(strcmp(tiny.line, "2 session (row)") == 0);
    CHECK(tiny_score_session(talking, self, fields, 1, 1) == EVALHOST_SKIP && strcmp(tiny.message, "nobody speaks") == 0);
    fields[0] = tiny_text("again");
    CHECK(tiny_score_session(talking, self, fields, 1, 2) == EVALHOST_RETRY && strcmp(tiny.message, "once more") == 0);
    talking->destroy(self);
    printf("kit_tests: judge, log, assets, sessions and permissions in Swift\n");
    return 0;
}
