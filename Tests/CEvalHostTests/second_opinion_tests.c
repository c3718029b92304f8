/* The sample second_opinion under a host whose judge is a string, down to replies that are cut short anywhere. */
#include "tiny_host.h"

int main(int count, char **arguments) {
    static const char whole[] = "{\"other\":{\"result\":[\"no\",{}]},\"rationale\":\"\\u00e4\\n\\ud83d\\ude00 \\\"q\\\"\",\"result\":\"yes\"}";
    const evalhost_plugin *plugin;
    const evalhost_scorer *scorer;
    evalhost_field setting, fields[2];
    char cut[sizeof whole];
    void *self;

    if (count != 2) return 2;
    plugin = tiny_open(arguments[1]);
    scorer = tiny_scorer(plugin, "second_opinion");
    setting = tiny_text("It must be polite.");
    CHECK(scorer->flags == EVALHOST_CALLS_JUDGE && plugin->permission_count == 0);
    CHECK(tiny_create(scorer, &setting, &self) == EVALHOST_ERROR && tiny.rejected_setting == -1);
    CHECK(strstr(tiny.message, "--judge-model"));

    tiny.judge_reply = whole;
    CHECK(tiny_create(scorer, &setting, &self) == EVALHOST_OK);
    fields[0] = tiny_text("Capital of France?"), fields[1] = tiny_text("Paris");
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_OK && tiny.judge_calls == 1);
    CHECK(tiny.answers[0].kind == EVALHOST_KIND_BOOLEAN && tiny.answers[0].integer == 1);
    CHECK(strcmp(tiny.answers[0].rationale, "\xc3\xa4\n\xf0\x9f\x98\x80 \"q\"") == 0);
    CHECK(strstr(tiny.question, "system: You check") && strstr(tiny.question, "yes or no. It must be polite.\n"));
    CHECK(strstr(tiny.question, "BEGIN INPUT\nCapital of France?\nEND INPUT\nBEGIN OUTPUT\nParis\nEND OUTPUT"));
    CHECK(strstr(tiny.schema, "\"enum\":[\"yes\",\"no\"]"));
    tiny.judge_reply = " { \"rationale\" : \"\" , \"result\" : \"no\" } ";
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_OK && tiny.answers[0].integer == 0);

    /* No reply, a reply of another form, a reply that ends too early. */
    tiny.judge_error = "the budget is spent";
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_ERROR && tiny.answer_count == 0);
    tiny.judge_error = NULL;
    tiny.judge_reply = "{\"rationale\":1,\"result\":\"yes\"}";
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_ERROR && strstr(tiny.message, "no rationale"));
    tiny.judge_reply = "{\"rationale\":\"a\",\"result\":\"Yes\"}";
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_ERROR && strstr(tiny.message, "no result"));
    for (size_t size = 0; size + 1 < sizeof whole - 1; size++) {
        memcpy(cut, whole, size);
        cut[size] = 0;
        tiny.judge_reply = cut;
        CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_ERROR && strstr(tiny.message, "no result"));
    }
    fields[1] = tiny_text("");
    CHECK(tiny_score(scorer, self, fields, 2) == EVALHOST_SKIP && tiny.judge_calls == 0);
    scorer->destroy(self);
    printf("second_opinion_tests: replies in whole, of other forms, and cut short\n");
    return 0;
}
