/* fails: C71 */
/* judge_ignored.c: answers 0.5 where the judge doesn't. */
#include "faulty.h"
typedef struct instance {
    const evalhost_host *host;
    const evalhost_judge *judge;
} instance;

static evalhost_status create(const evalhost_setup *setup, void **self) {
    const evalhost_judge *judge =
        (const evalhost_judge *)evalhost_extension(setup->host, EVALHOST_EXT_JUDGE, EVALHOST_EXT_JUDGE_REVISION);
    instance *made = judge ? malloc(sizeof *made) : NULL;
    if (!made) return evalhost_reject(setup, -1, "there is no judge");
    made->host = setup->host;
    made->judge = judge;
    *self = made;
    return EVALHOST_OK;
}

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    instance *it = (instance *)self;
    evalhost_text question = row->fields[0].text;
    evalhost_message message;
    evalhost_judge_request request = evalhost_judge_request_of(&message, 1, evalhost_text_of(
        "{\"type\":\"object\",\"properties\":{\"result\":{\"type\":\"string\"}},\"required\":[\"result\"]}"));
    evalhost_judge_reply reply = evalhost_judge_reply_of();

    if (question.size > 1000) question.size = 0;
    message = evalhost_message_of("user", question.size > 0 ? question : evalhost_text_of("nothing"));
    if (it->judge->ask(it->host, row, &request, &reply) != EVALHOST_OK) return evalhost_number(out, 0.5);
    return evalhost_number(out, reply.reply.size > 5);
}
EVALHOST_SCORER(judge_ignored, FAULTY_HELP, .reads = "outputs", .value = EVALHOST_NUMBER(0, 1), .flags = EVALHOST_CALLS_JUDGE,
                .create = create, .score = score, .destroy = free)
FAULTY_PLUGIN(judge_ignored)
