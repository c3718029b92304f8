/* wrapper.cpp as a host sees it: what its classes throw arrives as statuses and messages. Usage: wrapper_tests X.so */
#include "tiny_host.h"

int main(int count, char **arguments) {
    const evalhost_plugin *plugin;
    const evalhost_scorer *similarity, *asking, *turns;
    evalhost_field fields[1], setting;
    void *self;

    if (count != 2) return 2;
    plugin = tiny_open(arguments[1]);
    CHECK(plugin->abi_version == EVALHOST_ABI_VERSION && plugin->struct_size == sizeof *plugin);
    CHECK(strcmp(plugin->author, "us") == 0 && strcmp(plugin->licence, "Apache-2.0") == 0);
    CHECK(plugin->permission_count == 1 && strcmp(plugin->permissions[0].permission, "read:/srv/words") == 0);

    /* A row: a value, an exception, another try. */
    similarity = tiny_scorer(plugin, "similarity");
    memset(&setting, 0, sizeof setting);
    setting.kind = EVALHOST_KIND_BOOLEAN, setting.integer = 1;
    CHECK(tiny_create(similarity, &setting, &self) == EVALHOST_OK);
    fields[0] = tiny_text("yes");
    CHECK(tiny_score(similarity, self, fields, 1) == EVALHOST_OK);
    CHECK(tiny.answer_count == 1 && tiny.answers[0].number == 1 && strcmp(tiny.answers[0].rationale, "yes") == 0);
    fields[0] = tiny_text("");
    CHECK(tiny_score(similarity, self, fields, 1) == EVALHOST_ERROR && strcmp(tiny.message, "nothing to compare") == 0);
    fields[0] = tiny_text("later");
    CHECK(tiny_score(similarity, self, fields, 1) == EVALHOST_RETRY && strcmp(tiny.message, "not yet") == 0);
    similarity->destroy(self);

    /* The judge: none, no file, a reply, no reply. */
    asking = tiny_scorer(plugin, "asking");
    CHECK(tiny_create(asking, NULL, &self) == EVALHOST_ERROR && tiny.rejected_setting == -1);
    CHECK(strstr(tiny.message, "this run has none"));
    tiny.judge_reply = "{\"result\":true}";
    CHECK(tiny_create(asking, NULL, &self) == EVALHOST_ERROR && strstr(tiny.message, "assets/prompt.txt is missing"));
    tiny.asset_path = "prompt.txt", tiny.asset = "Judge.";
    CHECK(tiny_create(asking, NULL, &self) == EVALHOST_OK && strcmp(tiny.line, "2 asks tiny") == 0);
    fields[0] = tiny_text("an answer");
    CHECK(tiny_score(asking, self, fields, 1) == EVALHOST_OK && strcmp(tiny.answers[0].text, tiny.judge_reply) == 0);
    CHECK(strcmp(tiny.question, "system: Judge.\nuser: an answer\n") == 0);
    CHECK(strcmp(tiny.schema, "{\"type\":\"object\"}") == 0);
    tiny.judge_error = "the budget is spent";
    CHECK(tiny_score(asking, self, fields, 1) == EVALHOST_ERROR && strcmp(tiny.message, "the budget is spent") == 0);
    asking->destroy(self);

    /* A session. */
    turns = tiny_scorer(plugin, "turns");
    CHECK(!turns->score && tiny_create(turns, NULL, &self) == EVALHOST_OK);
    CHECK(tiny_score_session(turns, self, fields, 1, 1) == EVALHOST_OK && tiny.answers[0].integer == 1);
    turns->destroy(self);
    printf("wrapper_tests: what C++ scorers throw arrives as statuses and messages\n");
    return 0;
}
