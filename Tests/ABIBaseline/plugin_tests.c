/*
 * 1.0/plugin.c, compiled against its own headers, under a host that is compiled against today's. Whatever of 1.0 a host
 * no longer reads, fills or calls as it was, shows here. Usage: plugin_tests X.so
 */
#include "../CEvalHostTests/tiny_host.h"

static evalhost_field field(uint32_t kind, int64_t integer) {
    evalhost_field made;
    memset(&made, 0, sizeof made);
    made.kind = kind;
    made.integer = integer;
    made.number = (double)integer;
    return made;
}

static void check_description(const evalhost_plugin *plugin) {
    const evalhost_scorer *sized = tiny_scorer(plugin, "sized");
    CHECK(plugin->abi_version == 65536 && plugin->struct_size >= 80 && !plugin->problem && plugin->scorer_count == 3);
    CHECK(strcmp(plugin->name, "baseline") == 0 && strcmp(plugin->version, "1.0.0") == 0);
    CHECK(plugin->permission_count == 2 && strcmp(plugin->permissions[1].permission, "memory:2G") == 0);
    CHECK(strcmp(plugin->permissions[0].reason, "fetches word vectors") == 0);
    CHECK(sized->struct_size >= 168 && sized->flags == EVALHOST_DETERMINISTIC && strcmp(sized->pass, "short") == 0);
    CHECK(sized->value.kind == EVALHOST_KIND_LABEL && strcmp(sized->value.labels[1], "long") == 0);
    CHECK(sized->setting_count == 3 && strcmp(sized->settings[2].key, "stop_words") == 0);
    CHECK(sized->settings[0].minimum == 1 && sized->settings[0].flags == EVALHOST_HAS_MINIMUM);
    CHECK(sized->settings[1].choice_count == 2 && strcmp(sized->settings[1].choices[1], "words") == 0);
    CHECK(sized->feedback_count == 3 && strcmp(sized->feedbacks[2].name, "detail") == 0);
    CHECK(sized->feedbacks[1].value.maximum == 1 && sized->feedbacks[1].direction == EVALHOST_LOWER_IS_BETTER);
}

static void check_rows(const evalhost_scorer *sized) {
    evalhost_field settings[3], fields[3];
    evalhost_span spans[2];
    void *self;

    settings[0] = field(EVALHOST_KIND_INTEGER, 2000);
    settings[1] = tiny_text("bytes");
    settings[2] = field(EVALHOST_KIND_TEXTS, 0);
    CHECK(tiny_create(sized, settings, &self) == EVALHOST_ERROR && tiny.rejected_setting == 0);
    CHECK(strcmp(tiny.message, "must be at most 1000") == 0);
    settings[0] = field(EVALHOST_KIND_INTEGER, 4);
    tiny.asset_path = "words/en.txt", tiny.asset = "the words";
    CHECK(tiny_create(sized, settings, &self) == EVALHOST_OK && strcmp(tiny.line, "3 sized") == 0);

    memset(spans, 0, sizeof spans);
    spans[0].parent = -1;
    spans[1].id = evalhost_text_of("00000000000000ab"), spans[1].name = evalhost_text_of("search");
    spans[1].status = EVALHOST_SPAN_ERROR, spans[1].start_ns = 10, spans[1].end_ns = 15;
    fields[0] = tiny_text("seven..");
    fields[1] = field(EVALHOST_KIND_MISSING, 0);
    fields[2] = field(EVALHOST_KIND_SPANS, 0);
    fields[2].items = spans, fields[2].count = 2;
    CHECK(tiny_score(sized, self, fields, 3) == EVALHOST_OK && tiny.answer_count == 4);
    CHECK(tiny.answers[0].kind == EVALHOST_KIND_LABEL && tiny.answers[0].integer == 1);
    CHECK(strcmp(tiny.answers[0].rationale, "the words") == 0 && strcmp(tiny.answers[0].metadata, "{\"from\":\"1.0\"}") == 0);
    CHECK(strcmp(tiny.answers[0].span_id, "00000000000000ab") == 0);
    CHECK(tiny.answers[1].kind == EVALHOST_KIND_INTEGER && tiny.answers[1].integer == 7);
    CHECK(tiny.answers[2].feedback == 2 && tiny.answers[2].number == 0.25);
    CHECK(tiny.answers[3].kind == EVALHOST_KIND_JSON && strcmp(tiny.answers[3].text, "{\"a\":1}") == 0);
    fields[1] = field(EVALHOST_KIND_INTEGER, 7);
    CHECK(tiny_score(sized, self, fields, 3) == EVALHOST_OK && tiny.answers[0].integer == 0);
    fields[0] = tiny_text("");
    CHECK(tiny_score(sized, self, fields, 3) == EVALHOST_SKIP && strcmp(tiny.message, "empty") == 0);
    fields[0] = tiny_text("later");
    CHECK(tiny_score(sized, self, fields, 3) == EVALHOST_RETRY && strcmp(tiny.message, "not yet") == 0);
    sized->destroy(self);
}

static void check_judge(const evalhost_scorer *asked) {
    evalhost_field fields[1];
    void *self;
    fields[0] = tiny_text("an answer");
    tiny.judge_reply = NULL;
    CHECK(tiny_create(asked, NULL, &self) == EVALHOST_ERROR && tiny.rejected_setting == -1);
    tiny.judge_reply = "{\"result\":true}";
    CHECK(asked->flags == EVALHOST_CALLS_JUDGE && tiny_create(asked, NULL, &self) == EVALHOST_OK);
    CHECK(tiny_score(asked, self, fields, 1) == EVALHOST_OK && tiny.sample == 3);
    CHECK(strcmp(tiny.question, "system: tiny\nuser: an answer\n") == 0);
    CHECK(strcmp(tiny.schema, "{\"type\":\"object\"}") == 0);
    CHECK(strcmp(tiny.answers[0].rationale, "{\"result\":true}") == 0 && strcmp(tiny.answers[0].metadata, "tiny-1") == 0);
    tiny.judge_error = "no budget";
    CHECK(tiny_score(asked, self, fields, 1) == EVALHOST_ERROR && tiny.answer_count == 0);
    tiny.judge_error = NULL;
    asked->destroy(self);
}

static void check_sessions(const evalhost_scorer *agreed) {
    evalhost_field settings[3], fields[3];
    void *self;
    settings[0] = field(EVALHOST_KIND_INTEGER, 4);
    settings[1] = tiny_text("bytes");
    settings[2] = field(EVALHOST_KIND_TEXTS, 0);
    fields[0] = tiny_text("yes"), fields[1] = tiny_text("no"), fields[2] = tiny_text("yes");
    CHECK(!agreed->score && tiny_create(agreed, settings, &self) == EVALHOST_OK);
    CHECK(tiny_score_session(agreed, self, fields, 1, 3) == EVALHOST_OK && tiny.answers[0].integer == 102);
    CHECK(tiny_score_session(agreed, self, fields, 1, 2) == EVALHOST_OK && tiny.answers[0].integer == 201);
    agreed->destroy(self);
}

int main(int count, char **arguments) {
    const evalhost_plugin *plugin;
    if (count != 2) return 2;
    plugin = tiny_open(arguments[1]);
    check_description(plugin);
    check_rows(tiny_scorer(plugin, "sized"));
    check_judge(tiny_scorer(plugin, "asked"));
    check_sessions(tiny_scorer(plugin, "agreed"));
    return 0;
}
