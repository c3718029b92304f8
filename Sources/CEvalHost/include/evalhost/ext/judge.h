/*
 * evalhost.judge, revision 1: asks the run's judge model. Host to plugin.
 *
 *     static evalhost_status create(const evalhost_setup *setup, void **self) {
 *         const evalhost_judge *judge =
 *             (const evalhost_judge *)evalhost_extension(setup->host, EVALHOST_EXT_JUDGE, EVALHOST_EXT_JUDGE_REVISION);
 *         if (!judge) return evalhost_reject(setup, -1, "needs a judge: --judge-model");
 *         …keep judge and setup->host…
 *     }
 *
 * A call has the host's cache, retries, rate limit, budget and accounting, and the model's key never enters the plugin's
 * process: the plugin needs no permission, least of all `network`.
 *
 * Offer    Null where the run has no judge, and for a scorer without EVALHOST_CALLS_JUDGE. create should then reject.
 * Threads  A scorer with EVALHOST_CALLS_JUDGE gets K threads in its worker, an instance on each: K is how many calls the
 *          judge may have in flight, at most 64. Their stacks have 512 KiB: keep large buffers in the instance. Rows are
 *          given to whichever thread is free, and end in any order. With --isolation inprocess the rules are the same.
 * Time     The row's deadline stands still while the host serves the call, however long that takes.
 */
#ifndef EVALHOST_EXT_JUDGE_H
#define EVALHOST_EXT_JUDGE_H

#include <evalhost/scorer.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EVALHOST_EXT_JUDGE "evalhost.judge"
#define EVALHOST_EXT_JUDGE_REVISION 1u

#define EVALHOST_MAX_JUDGE_MESSAGES 256u  /* of a request */
#define EVALHOST_MAX_JUDGE_BYTES 4194304u /* all texts of a request together; a reply has EVALHOST_MAX_TEXT_BYTES */

/*
 * One message of the conversation. `role` is "system", "user" or "assistant"; another is an ERROR of ask. Both texts are the
 * plugin's, UTF-8, and only read during the call. Frozen: 64 bytes.
 */
typedef struct evalhost_message {
    evalhost_text role;
    evalhost_text content;
    uint64_t reserved[4];
} evalhost_message;

/*
 * What is asked: at least one message, and the JSON Schema that the reply's object must fit. The schema is required:
 * replies are parsed, never guessed. All of it is the plugin's, and only read during the call.
 */
typedef struct evalhost_judge_request {
    uint32_t struct_size;
    uint32_t message_count;
    const evalhost_message *messages;
    evalhost_text schema;
    uint32_t sample; /* which of several independent answers to the same question, from 0; the cache tells them apart */
    uint32_t reserved;
} evalhost_judge_request;

/*
 * What came back. The struct is the plugin's, who sets struct_size; the host fills the rest, and nothing beyond
 * struct_size. The texts are the host's: valid, also after further calls, until the score or score_session returns in
 * which it was asked; those that there are not are empty. Never null.
 */
typedef struct evalhost_judge_reply {
    uint32_t struct_size;
    uint32_t from_cache; /* 1 if the reply was in the host's cache, and cost nothing; else 0 */
    evalhost_text reply; /* a JSON object that fits the schema */
    evalhost_text model; /* as the endpoint named it */
    evalhost_text error; /* why there is no reply, for people; else empty */
    int64_t input_tokens; /* -1 where they aren't known, as is the next */
    int64_t output_tokens;
    double cost_usd; /* negative where it isn't known */
} evalhost_judge_reply;

/* Valid from create until destroy has returned. */
typedef struct evalhost_judge {
    uint32_t struct_size;
    uint32_t reserved;
    evalhost_text model; /* the model that the run asks for; valid as long as the table */
    /*
     * Asks, and waits for the reply. `host` is setup->host, `row` the row that score was given; in score_session, any
     * turn of its session. Valid only on the thread that scores this row, while it does: not from create, destroy or a
     * thread of the plugin's own. No pointer may be null. As many calls one after another as the row needs.
     * OK: the reply is there. ERROR: it isn't, reply->error says why, and the host remembers it: return ERROR from score
     * too, with or without a message, unless the scorer can answer otherwise. A request that breaks a rule of this header
     * is ERROR too. RETRY is never returned: what was transient, the host has tried again already.
     */
    evalhost_status (*ask)(const evalhost_host *host, const evalhost_record *row, const evalhost_judge_request *request,
                           evalhost_judge_reply *reply);
} evalhost_judge;

/* A message of a role, a C string that isn't null, and a view: valid as long as both. On any thread. */
static inline evalhost_message evalhost_message_of(const char *role, evalhost_text content) {
    evalhost_message message;
    memset(&message, 0, sizeof message);
    message.role.data = role;
    message.role.size = (uint64_t)strlen(role);
    message.content = content;
    return message;
}

/* A request, which points to `messages` and `schema`, and an empty reply, with struct_size set. On any thread. */
static inline evalhost_judge_request evalhost_judge_request_of(const evalhost_message *messages, uint32_t message_count,
                                                               evalhost_text schema) {
    evalhost_judge_request request;
    memset(&request, 0, sizeof request);
    request.struct_size = (uint32_t)sizeof request;
    request.message_count = message_count;
    request.messages = messages;
    request.schema = schema;
    return request;
}
static inline evalhost_judge_reply evalhost_judge_reply_of(void) {
    evalhost_judge_reply reply;
    memset(&reply, 0, sizeof reply);
    reply.struct_size = (uint32_t)sizeof reply;
    return reply;
}

#ifdef __cplusplus
}
#endif

#endif
