/*
 * evalhost.judge: asks the run's judge model. Host to plugin. Draft: may change or go.
 *
 * The call has the host's cache, retries, rate limit, budget and accounting, and the API key never enters the plugin's
 * process. The row's deadline stands still while the host serves it. A scorer that uses it sets EVALHOST_CALLS_JUDGE: it
 * gets as many threads, each with an instance and a row of its own, as the judge has calls in flight (at most 64).
 */
#ifndef EVALHOST_EXT_JUDGE_H
#define EVALHOST_EXT_JUDGE_H

#include <evalhost/scorer.h>

#define EVALHOST_EXT_JUDGE "evalhost.judge.draft"
#define EVALHOST_EXT_JUDGE_REVISION 1u

/* One message of the conversation. `role` is "system", "user" or "assistant". Frozen: 64 bytes. */
typedef struct evalhost_message {
    evalhost_text role;
    evalhost_text content;
    uint64_t reserved[4];
} evalhost_message;

/* What is asked. `schema` is the JSON Schema of the reply's object, and required: replies are parsed, never guessed. */
typedef struct evalhost_judge_request {
    uint32_t struct_size;
    uint32_t message_count;
    const evalhost_message *messages;
    evalhost_text schema;
    uint32_t sample; /* which of several independent answers to the same question, from 0 */
    uint32_t reserved;
} evalhost_judge_request;

/*
 * What came back. The plugin provides the struct with its struct_size; texts in it are the host's and stay valid until
 * score returns. `reply` is an object that fits the schema. Unknown counts and costs are -1 and negative.
 */
typedef struct evalhost_judge_reply {
    uint32_t struct_size;
    uint32_t from_cache; /* 0 or 1 */
    evalhost_text reply;
    evalhost_text model; /* as the endpoint named it */
    evalhost_text error; /* why there is no reply; else empty */
    int64_t input_tokens;
    int64_t output_tokens;
    double cost_usd;
} evalhost_judge_reply;

typedef struct evalhost_judge {
    uint32_t struct_size;
    uint32_t reserved;
    evalhost_text model; /* the model that the run asks for */
    /*
     * Asks and waits, on the thread that scores `row` only. OK: the reply is there. ERROR: return ERROR from score too,
     * the host remembers why. RETRY is never returned: the host has retried already.
     */
    evalhost_status (*ask)(const evalhost_host *host, const evalhost_record *row, const evalhost_judge_request *request,
                           evalhost_judge_reply *reply);
} evalhost_judge;

#endif
