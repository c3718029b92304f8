/* sheet.c: a plugin's answers, laid down one after another. Nothing here judges: the host reads and checks later. */
#include <pthread.h>

#include "evaltransport.h"

typedef char sheet_bytes_are_enough[CEVAL_SHEET_BYTES >= EVALHOST_MAX_ROW_BYTES + sizeof(ceval_sheet_head) + 8 +
                                            (EVALHOST_MAX_FEEDBACKS + 1u) * (sizeof(ceval_answer) + 8)
                                        ? 1
                                        : -1];

static uint64_t padded(uint64_t size) { return (size + 7u) & ~(uint64_t)7u; }

static ceval_sheet *sheet_of(const evalhost_sink *out) {
    ceval_sheet *sheet = out ? out->host : NULL;
    /* Sinks are valid on the calling thread, until the call returns: a late answer must not land on another row. */
    return sheet && sheet->owner == (uint64_t)pthread_self() ? sheet : NULL;
}

static evalhost_status refuse(ceval_sheet *sheet, uint32_t reason) {
    if (sheet->refusal == CEVAL_REFUSED_NONE) sheet->refusal = reason;
    return EVALHOST_ERROR;
}

/* Begins an answer with room for its texts; NULL if it is refused. */
static ceval_answer *begin(ceval_sheet *sheet, uint64_t text_bytes) {
    if (sheet->answer_count > EVALHOST_MAX_FEEDBACKS) {
        refuse(sheet, CEVAL_REFUSED_TOO_MANY);
        return NULL;
    }
    if (sheet->text_bytes + text_bytes > EVALHOST_MAX_ROW_BYTES - EVALHOST_MAX_MESSAGE_BYTES) {
        refuse(sheet, CEVAL_REFUSED_ROW_TOO_LARGE);
        return NULL;
    }
    ceval_answer *answer = (ceval_answer *)(void *)(sheet->at + sheet->used);
    memset(answer, 0, sizeof *answer);
    answer->bytes = (uint32_t)(sizeof *answer + padded(text_bytes));
    answer->text_size = answer->rationale_size = answer->metadata_size = answer->span_id_size = -1;
    return answer;
}

static evalhost_status commit(ceval_sheet *sheet, const ceval_answer *answer, uint64_t text_bytes) {
    sheet->used += answer->bytes;
    sheet->text_bytes += text_bytes;
    sheet->answer_count++;
    return EVALHOST_OK;
}

static evalhost_status put_number(const evalhost_sink *out, uint32_t feedback, double number) {
    ceval_sheet *sheet = sheet_of(out);
    ceval_answer *answer = sheet ? begin(sheet, 0) : NULL;
    if (!answer) return EVALHOST_ERROR;
    answer->feedback = feedback;
    answer->kind = EVALHOST_KIND_NUMBER;
    answer->number = number;
    return commit(sheet, answer, 0);
}

static evalhost_status put_integer(const evalhost_sink *out, uint32_t feedback, uint32_t kind, int64_t integer) {
    ceval_sheet *sheet = sheet_of(out);
    ceval_answer *answer = sheet ? begin(sheet, 0) : NULL;
    if (!answer) return EVALHOST_ERROR;
    answer->feedback = feedback;
    answer->kind = kind;
    answer->integer = integer;
    return commit(sheet, answer, 0);
}

static int measure(evalhost_text text, uint64_t limit, uint64_t *total) {
    if (!text.data) return 0;
    if (text.size > limit) return -1;
    *total += text.size;
    return 0;
}

static uint8_t *put_text(uint8_t *to, evalhost_text text, int64_t *size) {
    if (!text.data) return to;
    *size = (int64_t)text.size;
    if (text.size > 0) memcpy(to, text.data, text.size);
    return to + text.size;
}

static evalhost_status put_value(const evalhost_sink *out, uint32_t feedback, const evalhost_value *given) {
    ceval_sheet *sheet = sheet_of(out);
    if (!sheet || !given || given->struct_size < sizeof *given) return EVALHOST_ERROR;
    evalhost_value value = *given;
    uint64_t bytes = 0;
    if (measure(value.text, EVALHOST_MAX_TEXT_BYTES, &bytes) != 0 ||
        measure(value.rationale, EVALHOST_MAX_RATIONALE_BYTES, &bytes) != 0 ||
        measure(value.metadata, EVALHOST_MAX_TEXT_BYTES, &bytes) != 0 ||
        measure(value.span_id, EVALHOST_MAX_NAME_BYTES, &bytes) != 0) {
        return refuse(sheet, CEVAL_REFUSED_TEXT_TOO_LARGE);
    }
    ceval_answer *answer = begin(sheet, bytes);
    if (!answer) return EVALHOST_ERROR;
    answer->feedback = feedback;
    answer->kind = value.kind;
    answer->integer = value.integer;
    answer->number = value.number;
    uint8_t *at = (uint8_t *)(answer + 1);
    at = put_text(at, value.text, &answer->text_size);
    at = put_text(at, value.rationale, &answer->rationale_size);
    at = put_text(at, value.metadata, &answer->metadata_size);
    at = put_text(at, value.span_id, &answer->span_id_size);
    memset(at, 0, padded(bytes) - bytes);
    return commit(sheet, answer, bytes);
}

static evalhost_status put_message(const evalhost_sink *out, const char *data, uint64_t size) {
    ceval_sheet *sheet = sheet_of(out);
    if (!sheet) return EVALHOST_ERROR;
    uint64_t kept = data ? size : 0;
    if (kept > EVALHOST_MAX_MESSAGE_BYTES) kept = EVALHOST_MAX_MESSAGE_BYTES;
    if (kept > 0) memcpy(sheet->message, data, kept);
    sheet->message_bytes = (uint32_t)kept;
    return EVALHOST_OK;
}

static const evalhost_sink_table table = {
    (uint32_t)sizeof(evalhost_sink_table), 0, put_number, put_integer, put_value, put_message,
};

void ceval_sheet_init(ceval_sheet *sheet) { memset(sheet, 0, offsetof(ceval_sheet, message)); }

void ceval_sheet_begin(ceval_sheet *sheet, uint8_t *at, uint32_t row) {
    /* Each time anew: what a plugin wrote into its sink must not reach the next row. */
    sheet->sink.struct_size = (uint32_t)sizeof sheet->sink;
    sheet->sink.table = &table;
    sheet->sink.host = sheet;
    sheet->at = at;
    sheet->used = sizeof(ceval_sheet_head);
    sheet->text_bytes = 0;
    sheet->refusal = CEVAL_REFUSED_NONE;
    sheet->answer_count = 0;
    sheet->message_bytes = 0;
    sheet->row = row;
    sheet->owner = (uint64_t)pthread_self();
}

uint32_t ceval_sheet_check(const uint8_t *sheet, uint64_t bytes, uint64_t seed) {
    uint64_t hash = seed ^ (bytes * UINT64_C(0x9E3779B97F4A7C15));
    for (uint64_t at = 8; at + 8 <= bytes; at += 8) {
        uint64_t word;
        memcpy(&word, sheet + at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0xFF51AFD7ED558CCD);
        hash ^= hash >> 32;
    }
    return (uint32_t)(hash ^ (hash >> 29));
}

uint64_t ceval_sheet_end(ceval_sheet *sheet, int32_t status, const uint32_t *denied, uint32_t denied_count,
                         uint64_t seed) {
    ceval_sheet_head *head = (ceval_sheet_head *)(void *)sheet->at;
    sheet->owner = 0;
    memset(head, 0, sizeof *head);
    if (sheet->message_bytes > 0) {
        uint64_t room = padded(sheet->message_bytes);
        memcpy(sheet->at + sheet->used, sheet->message, sheet->message_bytes);
        memset(sheet->at + sheet->used + sheet->message_bytes, 0, room - sheet->message_bytes);
        sheet->used += room;
    }
    head->bytes = (uint32_t)sheet->used;
    head->row = sheet->row;
    head->status = status;
    head->refusal = sheet->refusal;
    head->answer_count = sheet->answer_count;
    head->message_bytes = sheet->message_bytes;
    head->denied_count = denied_count;
    for (uint32_t i = 0; i < denied_count && i < CEVAL_MAX_DENIED; i++) head->denied[i] = denied[i];
    head->check = ceval_sheet_check(sheet->at, sheet->used, seed);
    return sheet->used;
}
