/*
 * plugin.c: a plugin written against evalhost/scorer.h 1.0, with every ability that 1.0 has. Never to be edited.
 *
 * check.sh compiles it against the headers in ./include, as they were, and runs it under a host of today.
 */
#include <evalhost/ext/assets.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evalhost/scorer.h>

#include <stdlib.h>

typedef struct instance {
    const evalhost_host *host;
    const evalhost_judge *judge;
    const evalhost_log *log;
    evalhost_text words;
    int64_t limit;
    int sessions;
} instance;

enum { LIMIT, UNIT, STOP_WORDS };
static const char *const units[] = {"bytes", "words"};
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "10", "Longest.", .minimum = 1, .flags = EVALHOST_HAS_MINIMUM),
    EVALHOST_SETTING("unit", EVALHOST_KIND_TEXT, "bytes", "What is counted.", .choices = units,
                     .choice_count = EVALHOST_COUNT_OF(units)),
    EVALHOST_SETTING("stop_words", EVALHOST_KIND_TEXTS, "[]", "Not counted."),
};
static const char *const labels[] = {"short", "long"};
static const evalhost_feedback feedbacks[] = {
    EVALHOST_FEEDBACK("length", EVALHOST_ANY_INTEGER, .unit = "bytes", .aggregations = "mean, p90"),
    EVALHOST_FEEDBACK("share", EVALHOST_NUMBER(0, 1), .direction = EVALHOST_LOWER_IS_BETTER, .pass = "<= 0.5"),
    EVALHOST_FEEDBACK("detail", EVALHOST_OBJECT),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    const evalhost_assets *assets =
        (const evalhost_assets *)evalhost_extension(setup->host, EVALHOST_EXT_ASSETS, EVALHOST_EXT_ASSETS_REVISION);
    instance *made;
    if (setup->settings[LIMIT].integer > 1000) return evalhost_reject(setup, LIMIT, "must be at most 1000");
    if (setup->settings[STOP_WORDS].count > 1) return evalhost_reject(setup, STOP_WORDS, "one word at most");
    made = (instance *)calloc(1, sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->host = setup->host;
    made->limit = setup->settings[LIMIT].integer;
    made->log = (const evalhost_log *)evalhost_extension(setup->host, EVALHOST_EXT_LOG, EVALHOST_EXT_LOG_REVISION);
    if (assets) (void)assets->find(setup->host, "words/en.txt", &made->words);
    if (made->log && EVALHOST_LOG_WARNING >= made->log->minimum_level)
        made->log->write(setup->host, NULL, EVALHOST_LOG_WARNING, setup->instance);
    *self = made;
    return EVALHOST_OK;
}

static evalhost_status create_judge(const evalhost_setup *setup, void **self) {
    instance *made = (instance *)calloc(1, sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->host = setup->host;
    made->judge = (const evalhost_judge *)evalhost_extension(setup->host, EVALHOST_EXT_JUDGE, EVALHOST_EXT_JUDGE_REVISION);
    if (made->judge) {
        *self = made;
        return EVALHOST_OK;
    }
    free(made);
    return evalhost_reject(setup, -1, "this run has no judge");
}

static void destroy(void *self) { free(self); }

/* Reads outputs, expectations.limit:integer? and spans(TOOL):name,outputs. */
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    const instance *it = (const instance *)self;
    evalhost_text answer = row->fields[0].text;
    int64_t limit = row->fields[1].kind == EVALHOST_KIND_INTEGER ? row->fields[1].integer : it->limit;
    const evalhost_span *spans = evalhost_spans(&row->fields[2]);
    evalhost_value value;

    if (answer.size == 0) return evalhost_skip(out, "empty");
    if (evalhost_text_equal(answer, evalhost_text_of("later"))) return evalhost_retry(out, "not yet");
    if (answer.data[answer.size] != 0) return evalhost_error(out, "no NUL follows");
    value = evalhost_value_of_label(answer.size > (uint64_t)limit);
    value.rationale = it->words;
    value.metadata = evalhost_text_of("{\"from\":\"1.0\"}");
    if (spans && row->fields[2].count > 1 && spans[1].parent == 0 && spans[1].status == EVALHOST_SPAN_ERROR &&
        spans[1].end_ns - spans[1].start_ns == 5 && evalhost_text_equal(spans[1].name, evalhost_text_of("search")))
        value.span_id = spans[1].id;
    if (evalhost_put(out, 0, &value) != EVALHOST_OK) return EVALHOST_ERROR;
    if (evalhost_integer_at(out, 1, (int64_t)answer.size) != EVALHOST_OK) return EVALHOST_ERROR;
    if (evalhost_number_at(out, 2, 0.25) != EVALHOST_OK) return EVALHOST_ERROR;
    value = evalhost_value_of_object(evalhost_text_of("{\"a\":1}"));
    return evalhost_put(out, 3, &value);
}

static evalhost_status ask(void *self, const evalhost_record *row, const evalhost_sink *out) {
    const instance *it = (const instance *)self;
    evalhost_message messages[2];
    evalhost_judge_request request = evalhost_judge_request_of(messages, 2, evalhost_text_of("{\"type\":\"object\"}"));
    evalhost_judge_reply reply = evalhost_judge_reply_of();
    evalhost_value value = evalhost_value_of_boolean(1);

    messages[0] = evalhost_message_of("system", it->judge->model);
    messages[1] = evalhost_message_of("user", row->fields[0].text);
    request.sample = 3;
    if (it->judge->ask(it->host, row, &request, &reply) != EVALHOST_OK) return EVALHOST_ERROR;
    if (reply.input_tokens != 7 || reply.output_tokens != -1 || reply.cost_usd != 0.25 || reply.from_cache)
        return evalhost_error(out, "the reply is none of 1.0");
    value.rationale = reply.reply;
    value.metadata = reply.model;
    return evalhost_put(out, 0, &value);
}

/* The number of its turns that say "yes", counted on since the instance was made. */
static evalhost_status score_session(void *self, const evalhost_session *session, const evalhost_sink *out) {
    instance *it = (instance *)self;
    int64_t said = 0;
    it->sessions++;
    for (uint32_t turn = 0; turn < session->turn_count; turn++) {
        if (turn > 0 && session->start_ns[turn] < session->start_ns[turn - 1]) return evalhost_error(out, "no order");
        said += evalhost_text_equal(session->turns[turn]->fields[0].text, evalhost_text_of("yes"));
    }
    return evalhost_integer(out, said + 100 * it->sessions);
}

static const void *extension(const evalhost_scorer *scorer, const char *id, uint32_t revision) {
    static const evalhost_session_scorer sessions = {(uint32_t)sizeof sessions, 0, score_session};
    (void)scorer;
    return strcmp(id, EVALHOST_EXT_SESSION) == 0 && revision == EVALHOST_EXT_SESSION_REVISION ? &sessions : NULL;
}

EVALHOST_SCORER(sized, .help = "Whether an answer is long.",
                .reads = "outputs, expectations.limit:integer?, spans(TOOL):name,outputs",
                .value = EVALHOST_CATEGORY(labels), .pass = "short", .flags = EVALHOST_DETERMINISTIC,
                EVALHOST_SETTINGS(settings), EVALHOST_FEEDBACKS(feedbacks), .create = create, .score = score,
                .destroy = destroy)
EVALHOST_SCORER(asked, .reads = "outputs", .value = EVALHOST_BOOLEAN, .flags = EVALHOST_CALLS_JUDGE,
                .create = create_judge, .score = ask, .destroy = destroy)
EVALHOST_SCORER(agreed, .reads = "outputs", .value = EVALHOST_ANY_INTEGER, .flags = EVALHOST_SCORES_SESSION,
                EVALHOST_SETTINGS(settings), .create = create, .destroy = destroy, .extension = extension)

static const evalhost_scorer *const scorers[] = {&sized, &asked, &agreed};
static const evalhost_permission permissions[] = {
    EVALHOST_PERMISSION("network", "fetches word vectors"),
    EVALHOST_PERMISSION("memory:2G", "holds them"),
};
EVALHOST_LIBRARY(.name = "baseline", .version = "1.0.0", .author = "evalhost", .licence = "Apache-2.0",
                 .scorers = scorers, .scorer_count = EVALHOST_COUNT_OF(scorers), EVALHOST_PERMISSIONS(permissions))
