/* judge.c: evalhost.judge. The question goes to the slot's results, the reply comes behind the slot's rows. */
#define _GNU_SOURCE
#include "worker.h"

static const evalhost_text nothing = {"", 0};

/* Fills what the plugin's struct has room for. */
static evalhost_status answer(evalhost_judge_reply *to, const evalhost_judge_reply *from, evalhost_status status) {
    uint32_t size = to->struct_size;
    evalhost_judge_reply filled = *from;
    filled.struct_size = size;
    memcpy(to, &filled, size < sizeof filled ? size : sizeof filled);
    return status;
}

static evalhost_status refuse(evalhost_judge_reply *to, const char *why) {
    evalhost_judge_reply reply;
    memset(&reply, 0, sizeof reply);
    reply.reply = reply.model = nothing;
    reply.error = evalhost_text_of(why);
    reply.input_tokens = reply.output_tokens = -1;
    reply.cost_usd = -1;
    return answer(to, &reply, EVALHOST_ERROR);
}

/* Adds the bytes of a text and its NUL; 0 if that is too much, or no text. */
static int add(uint64_t *total, evalhost_text text) {
    if ((!text.data && text.size > 0) || text.size > EVALHOST_MAX_JUDGE_BYTES) return 0;
    *total += text.size + 1;
    return *total <= EVALHOST_MAX_JUDGE_BYTES + 2 * EVALHOST_MAX_JUDGE_MESSAGES + 1;
}

static uint8_t *put(uint8_t *to, evalhost_text text) {
    if (text.size > 0) memcpy(to, text.data, text.size);
    to[text.size] = 0;
    return to + text.size + 1;
}

/*
 * Writes the question right behind what the sheet has by now. The call waits until the host has read it, so that the
 * sheet's next answers may take its place. Returns its bytes; 0 if there is no room.
 */
static uint64_t write_question(const evalhost_judge_request *request, uint64_t text_bytes, uint8_t *at,
                               uint64_t capacity) {
    const uint64_t heads = sizeof(ceval_ask) + request->message_count * 2 * sizeof(uint64_t);
    if (heads + text_bytes > capacity) return 0;
    ceval_ask *ask = (ceval_ask *)(void *)at;
    uint64_t *sizes = (uint64_t *)(void *)(ask + 1);
    uint8_t *text = at + heads;
    ask->message_count = request->message_count;
    ask->sample = request->sample;
    ask->schema_size = request->schema.size;
    for (uint32_t i = 0; i < request->message_count; i++) {
        sizes[2 * i] = request->messages[i].role.size;
        sizes[2 * i + 1] = request->messages[i].content.size;
        text = put(put(text, request->messages[i].role), request->messages[i].content);
    }
    put(text, request->schema);
    return heads + text_bytes;
}

static evalhost_status read_reply(uint32_t slot, evalhost_judge_reply *to) {
    const uint64_t offset = slot_in(slot)->reply_offset;
    const ceval_reply *from = (const ceval_reply *)(const void *)(rows_data(slot) + offset);
    const char *text = (const char *)(from + 1);
    evalhost_judge_reply reply;
    memset(&reply, 0, sizeof reply);
    reply.from_cache = from->from_cache;
    reply.reply.data = text;
    reply.reply.size = from->reply_size;
    text += from->reply_size + 1;
    reply.model.data = text;
    reply.model.size = from->model_size;
    text += from->model_size + 1;
    reply.error.data = text;
    reply.error.size = from->error_size;
    reply.input_tokens = from->input_tokens;
    reply.output_tokens = from->output_tokens;
    reply.cost_usd = from->cost_usd;
    return answer(to, &reply, from->status == EVALHOST_OK ? EVALHOST_OK : EVALHOST_ERROR);
}

static evalhost_status ask(const evalhost_host *host, const evalhost_record *row, const evalhost_judge_request *request,
                           evalhost_judge_reply *reply) {
    lane *it = this_lane;
    uint64_t bytes = 0;
    if (!reply) return EVALHOST_ERROR;
    if (!it || !it->scoring || !host || host->opaque != it->scoring || !row || row->host != it) {
        return refuse(reply, "the judge can be asked only on the thread that scores the row, while it does");
    }
    if (!request || request->struct_size < sizeof *request || !request->messages || request->message_count == 0 ||
        request->message_count > EVALHOST_MAX_JUDGE_MESSAGES) {
        return refuse(reply, "a question to the judge needs 1 to 256 messages");
    }
    int is_sound = add(&bytes, request->schema);
    for (uint32_t i = 0; i < request->message_count; i++) {
        is_sound = is_sound && add(&bytes, request->messages[i].role) && add(&bytes, request->messages[i].content);
    }
    if (!is_sound) return refuse(reply, "the question to the judge is larger than 4 MiB");
    const uint32_t slot = it->slot;
    uint8_t *data = results_data(slot);
    uint64_t offset = (uint64_t)(it->sheet.at - data) + it->sheet.used;
    if (offset > the_worker.start.results_slot_bytes) return refuse(reply, "there is no room for the question");
    bytes = write_question(request, bytes, data + offset, the_worker.start.results_slot_bytes - offset);
    if (bytes == 0) return refuse(reply, "there is no room for the question beside the answers that the row has already");
    ceval_slot_out *out = slot_out(slot);
    const uint32_t number = ++it->asked[slot];
    out->ask_offset = offset;
    out->ask_bytes = bytes;
    __atomic_store_n(&out->ask_sequence, number, __ATOMIC_RELEASE);
    worker_wake_host();
    const uint32_t *word = &slot_in(slot)->reply_sequence;
    uint32_t seen;
    while ((seen = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != number) serve_await_change(word, seen);
    return read_reply(slot, reply);
}

evalhost_judge judge_table = {(uint32_t)sizeof(evalhost_judge), 0, {"", 0}, ask};
