/* Every extension once, as a C author uses it, so that each language mode compiles it. */
#include <evalhost/ext/assets.h>
#include <evalhost/ext/draft/batch.h>
#include <evalhost/ext/judge.h>
#include <evalhost/ext/log.h>
#include <evalhost/ext/session.h>
#include <evalhost/scorer.h>

#include <stdlib.h>

typedef struct instance {
    const evalhost_host *host;
    const evalhost_judge *judge;
    const evalhost_log *log;
    evalhost_text prompt;
} instance;

static evalhost_status create(const evalhost_setup *setup, void **self) {
    const evalhost_host *host = setup->host;
    const evalhost_assets *assets =
        (const evalhost_assets *)evalhost_extension(host, EVALHOST_EXT_ASSETS, EVALHOST_EXT_ASSETS_REVISION);
    instance *made = (instance *)calloc(1, sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->host = host;
    made->judge = (const evalhost_judge *)evalhost_extension(host, EVALHOST_EXT_JUDGE, EVALHOST_EXT_JUDGE_REVISION);
    made->log = (const evalhost_log *)evalhost_extension(host, EVALHOST_EXT_LOG, EVALHOST_EXT_LOG_REVISION);
    if (!made->judge || !assets || assets->find(host, "prompt.txt", &made->prompt) != EVALHOST_OK) {
        free(made);
        return evalhost_reject(setup, -1, "needs a judge and assets/prompt.txt");
    }
    if (made->log && made->log->minimum_level <= EVALHOST_LOG_DEBUG)
        made->log->write(host, NULL, EVALHOST_LOG_DEBUG, made->judge->model);
    *self = made;
    return EVALHOST_OK;
}

static evalhost_status judged(const instance *it, const evalhost_record *row, evalhost_text text,
                              const evalhost_sink *out) {
    evalhost_message messages[2];
    evalhost_judge_request request =
        evalhost_judge_request_of(messages, 2, evalhost_text_of("{\"type\":\"object\"}"));
    evalhost_judge_reply reply = evalhost_judge_reply_of();
    messages[0] = evalhost_message_of("system", it->prompt);
    messages[1] = evalhost_message_of("user", text);
    if (it->judge->ask(it->host, row, &request, &reply) != EVALHOST_OK) return EVALHOST_ERROR;
    return evalhost_object(out, reply.reply);
}

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    return judged((const instance *)self, row, row->fields[0].text, out);
}

static evalhost_status score_session(void *self, const evalhost_session *session, const evalhost_sink *out) {
    return judged((const instance *)self, session->turns[0], session->id, out);
}

static evalhost_status score_batch(void *self, const evalhost_record *const *rows, const evalhost_sink *const *sinks,
                                   evalhost_status *statuses, uint32_t count) {
    for (uint32_t each = 0; each < count; each++) statuses[each] = score(self, rows[each], sinks[each]);
    return EVALHOST_OK;
}

static const void *extension(const evalhost_scorer *scorer, const char *id, uint32_t revision) {
    static const evalhost_session_scorer sessions = {(uint32_t)sizeof sessions, 0, score_session};
    static const evalhost_batch_scorer batches = {(uint32_t)sizeof batches, 16, score_batch};
    (void)scorer;
    if (strcmp(id, EVALHOST_EXT_SESSION) == 0 && revision == EVALHOST_EXT_SESSION_REVISION) return &sessions;
    if (strcmp(id, EVALHOST_EXT_BATCH) == 0 && revision == EVALHOST_EXT_BATCH_REVISION) return &batches;
    return NULL;
}

EVALHOST_SCORER(rows, .reads = "outputs", .value = EVALHOST_OBJECT, .flags = EVALHOST_CALLS_JUDGE, .create = create,
                .score = score, .destroy = free, .extension = extension)
EVALHOST_SCORER(conversations, .reads = "outputs?", .value = EVALHOST_OBJECT,
                .flags = EVALHOST_CALLS_JUDGE | EVALHOST_SCORES_SESSION, .create = create, .destroy = free,
                .extension = extension)
EVALHOST_PLUGIN("extended", "1.0.0", &rows, &conversations)
