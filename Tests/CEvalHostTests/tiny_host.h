/*
 * tiny_host.h: the least host that can drive a plugin, for tests in C. It offers every extension; its judge is a string.
 *
 * A test includes it once, opens a library by tiny_open(), makes an instance by tiny_create(), and reads in `tiny` what
 * the instance answered. One thread, one instance at a time, no sandbox: what this host doesn't do, the real one's own
 * tests cover.
 */
#ifndef TINY_HOST_H
#define TINY_HOST_H

#include <dlfcn.h>
#include <evalhost/ext/assets.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evalhost/scorer.h>
#include <stdio.h>
#include <stdlib.h>

enum { TINY_TEXT = 512, TINY_ANSWERS = 8, TINY_TURNS = 16 };

typedef struct tiny_answer {
    uint32_t feedback, kind;
    int64_t integer;
    double number;
    char text[TINY_TEXT], rationale[TINY_TEXT], metadata[TINY_TEXT], span_id[TINY_TEXT];
} tiny_answer;

/* What the test sets, and what the instance said. */
static struct {
    const char *judge_reply;        /* null: the run has no judge */
    const char *judge_error;        /* not null: `ask` fails with it */
    const char *asset_path, *asset; /* the one file in `assets` */
    tiny_answer answers[TINY_ANSWERS];
    int answer_count, judge_calls;
    char message[TINY_TEXT];              /* of score, or of a rejected create */
    int rejected_setting;
    char question[8 * TINY_TEXT], schema[8 * TINY_TEXT]; /* what the judge was asked last: "role: content\n" each */
    uint32_t sample;
    char line[TINY_TEXT]; /* the last line that was logged, behind its level */
} tiny;

static void tiny_fail(const char *file, int line, const char *what) {
    fprintf(stderr, "%s:%d: not so: %s (message: %s)\n", file, line, what, tiny.message);
    exit(1);
}
#define CHECK(condition) ((condition) ? (void)0 : tiny_fail(__FILE__, __LINE__, #condition))

static void tiny_copy(char *to, size_t room, const char *data, uint64_t size) {
    size_t count = size < room ? (size_t)size : room - 1;
    if (count) memcpy(to, data, count);
    to[count] = 0;
}

/* The sink. */

static evalhost_status tiny_put_value(const evalhost_sink *out, uint32_t feedback, const evalhost_value *value) {
    tiny_answer *answer = &tiny.answers[tiny.answer_count];
    (void)out;
    if (tiny.answer_count == TINY_ANSWERS) return EVALHOST_ERROR;
    tiny.answer_count++;
    answer->feedback = feedback, answer->kind = value->kind;
    answer->integer = value->integer, answer->number = value->number;
    tiny_copy(answer->text, TINY_TEXT, value->text.data, value->text.size);
    tiny_copy(answer->rationale, TINY_TEXT, value->rationale.data, value->rationale.size);
    tiny_copy(answer->metadata, TINY_TEXT, value->metadata.data, value->metadata.size);
    tiny_copy(answer->span_id, TINY_TEXT, value->span_id.data, value->span_id.size);
    return EVALHOST_OK;
}
static evalhost_status tiny_put_number(const evalhost_sink *out, uint32_t feedback, double number) {
    evalhost_value value = evalhost_value_of_number(number);
    return tiny_put_value(out, feedback, &value);
}
static evalhost_status tiny_put_integer(const evalhost_sink *out, uint32_t feedback, uint32_t kind, int64_t integer) {
    evalhost_value value = evalhost_value_of(kind);
    value.integer = integer;
    return tiny_put_value(out, feedback, &value);
}
static evalhost_status tiny_put_message(const evalhost_sink *out, const char *data, uint64_t size) {
    (void)out;
    tiny_copy(tiny.message, TINY_TEXT, data, size);
    return EVALHOST_OK;
}
static const evalhost_sink_table tiny_sink_table = {
    sizeof tiny_sink_table, 0, tiny_put_number, tiny_put_integer, tiny_put_value, tiny_put_message};

/* The extensions. */

static evalhost_status tiny_ask(const evalhost_host *host, const evalhost_record *row,
                                const evalhost_judge_request *request, evalhost_judge_reply *reply) {
    size_t used = 0;
    CHECK(host && row && row->host && reply->struct_size == sizeof *reply && request->struct_size == sizeof *request);
    tiny.judge_calls++;
    tiny.sample = request->sample;
    for (uint32_t each = 0; each < request->message_count; each++) {
        const evalhost_message *message = &request->messages[each];
        used += (size_t)snprintf(tiny.question + used, sizeof tiny.question - used, "%.*s: %.*s\n", (int)message->role.size,
                                 message->role.data, (int)message->content.size, message->content.data);
        CHECK(used < sizeof tiny.question);
    }
    tiny_copy(tiny.schema, sizeof tiny.schema, request->schema.data, request->schema.size);
    reply->from_cache = 0;
    reply->reply = evalhost_text_of(tiny.judge_error ? "" : tiny.judge_reply);
    reply->model = evalhost_text_of("tiny-1");
    reply->error = evalhost_text_of(tiny.judge_error ? tiny.judge_error : "");
    reply->input_tokens = 7, reply->output_tokens = -1, reply->cost_usd = 0.25;
    return tiny.judge_error ? EVALHOST_ERROR : EVALHOST_OK;
}
static void tiny_write(const evalhost_host *host, const evalhost_record *row, uint32_t level, evalhost_text line) {
    CHECK(host);
    snprintf(tiny.line, sizeof tiny.line, "%u %.*s%s", level, (int)line.size, line.data, row ? " (row)" : "");
}
static evalhost_status tiny_find(const evalhost_host *host, const char *path, evalhost_text *bytes) {
    CHECK(host);
    *bytes = evalhost_text_of(tiny.asset_path && strcmp(path, tiny.asset_path) == 0 ? tiny.asset : NULL);
    return bytes->data ? EVALHOST_OK : EVALHOST_ERROR;
}

static const void *tiny_extension(const evalhost_host *host, const char *id, uint32_t revision) {
    static const evalhost_judge judge = {sizeof judge, 0, {"tiny", 4}, tiny_ask};
    static const evalhost_log log = {sizeof log, EVALHOST_LOG_INFO, tiny_write};
    static const evalhost_assets assets = {sizeof assets, 0, tiny_find};
    (void)host;
    if (revision != 1) return NULL;
    if (strcmp(id, "evalhost.judge") == 0) return tiny.judge_reply ? &judge : NULL;
    if (strcmp(id, "evalhost.log") == 0) return &log;
    if (strcmp(id, "evalhost.assets") == 0) return &assets;
    return NULL;
}

/* Libraries and instances. */

static const evalhost_plugin *tiny_open(const char *path) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    evalhost_plugin_entry_function entry;
    void *symbol;
    if (!library) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    symbol = dlsym(library, EVALHOST_ENTRY_SYMBOL);
    memcpy(&entry, &symbol, sizeof entry);
    return entry();
}

static const evalhost_scorer *tiny_scorer(const evalhost_plugin *plugin, const char *name) {
    for (uint32_t each = 0; each < plugin->scorer_count; each++)
        if (strcmp(plugin->scorers[each]->name, name) == 0) return plugin->scorers[each];
    fprintf(stderr, "there is no scorer %s\n", name);
    exit(1);
}

static evalhost_status tiny_reject(const evalhost_setup *setup, int32_t setting, const char *data, uint64_t size) {
    (void)setup;
    tiny.rejected_setting = setting;
    tiny_copy(tiny.message, TINY_TEXT, data, size);
    return EVALHOST_OK;
}

static const evalhost_host tiny_host = {sizeof tiny_host, EVALHOST_ABI_VERSION, "0", tiny_extension, NULL};

static evalhost_status tiny_create(const evalhost_scorer *scorer, const evalhost_field *settings, void **self) {
    evalhost_setup setup;
    memset(&setup, 0, sizeof setup);
    setup.struct_size = sizeof setup;
    setup.setting_count = scorer->setting_count;
    setup.scorer = scorer;
    setup.settings = settings;
    setup.json = evalhost_text_of("{}");
    setup.instance = evalhost_text_of(scorer->name);
    setup.host = &tiny_host;
    setup.reject = tiny_reject;
    tiny.message[0] = 0, tiny.line[0] = 0, tiny.rejected_setting = -2;
    *self = NULL;
    return scorer->create ? scorer->create(&setup, self) : EVALHOST_OK;
}

/* A field of kind TEXT. */
static inline evalhost_field tiny_text(const char *text) {
    evalhost_field field;
    memset(&field, 0, sizeof field);
    field.kind = EVALHOST_KIND_TEXT;
    field.text = evalhost_text_of(text);
    return field;
}

static evalhost_record tiny_record(const evalhost_field *fields, uint32_t count) {
    evalhost_record record;
    memset(&record, 0, sizeof record);
    record.struct_size = sizeof record;
    record.field_count = count;
    record.fields = fields;
    record.id = evalhost_text_of("row");
    record.host = &tiny;
    return record;
}

static evalhost_sink tiny_sink(void) {
    evalhost_sink sink = {sizeof sink, 0, &tiny_sink_table, NULL, {0, 0}};
    memset(tiny.answers, 0, sizeof tiny.answers);
    tiny.answer_count = 0, tiny.judge_calls = 0, tiny.message[0] = 0, tiny.line[0] = 0;
    return sink;
}

static inline evalhost_status tiny_score(const evalhost_scorer *scorer, void *self, const evalhost_field *fields,
                                         uint32_t count) {
    evalhost_record record = tiny_record(fields, count);
    evalhost_sink sink = tiny_sink();
    return scorer->score(self, &record, &sink);
}

/* Scores a session whose turns have `width` fields each, one second apart. */
static inline evalhost_status tiny_score_session(const evalhost_scorer *scorer, void *self, const evalhost_field *fields,
                                                 uint32_t width, uint32_t turns) {
    evalhost_record records[TINY_TURNS];
    const evalhost_record *pointers[TINY_TURNS];
    int64_t starts[TINY_TURNS];
    evalhost_session session;
    evalhost_sink sink = tiny_sink();
    const evalhost_session_scorer *table;
    CHECK(turns <= TINY_TURNS && scorer->extension && scorer->flags & EVALHOST_SCORES_SESSION);
    CHECK(scorer->extension(scorer, EVALHOST_EXT_SESSION, 99) == NULL);
    CHECK(scorer->extension(scorer, "evalhost.none", 1) == NULL);
    table = (const evalhost_session_scorer *)scorer->extension(scorer, EVALHOST_EXT_SESSION, 1);
    CHECK(table && table->struct_size >= sizeof *table);
    for (uint32_t turn = 0; turn < turns; turn++) {
        records[turn] = tiny_record(fields + turn * width, width);
        pointers[turn] = &records[turn];
        starts[turn] = (int64_t)turn * 1000000000;
    }
    memset(&session, 0, sizeof session);
    session.struct_size = sizeof session;
    session.turn_count = turns;
    session.id = evalhost_text_of("session");
    session.turns = pointers;
    session.start_ns = starts;
    return table->score_session(self, &session, &sink);
}

#endif
