/*
 * evalhost/answer.h: how create and score answer, as inline functions over the tables that the host hands over.
 *
 * Included by <evalhost/scorer.h>. Nothing here is part of the binary contract: each function could be written by hand.
 * Each that gives a value returns what score may return at once: EVALHOST_OK, or EVALHOST_ERROR where the host refused it.
 * Those ending in _at answer a declared further feedback: 0 is the scorer's own value, 1 + n is feedbacks[n].
 *
 * Threads   Those with `out` only on the thread that score was called on, before it returns; evalhost_reject the same for
 *           create. All others on any thread.
 * Ownership What is passed in stays the caller's, and is copied before the function returns: buffers on the stack will do.
 *           What is returned is a view of what was passed in, and lives as long as that. Nothing here allocates.
 * Null      No pointer may be null where its comment doesn't allow it.
 */
#ifndef EVALHOST_ANSWER_H
#define EVALHOST_ANSWER_H

#include <evalhost/scorer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A view of a C string, without its NUL; null becomes the absent text. */
static inline evalhost_text evalhost_text_of(const char *string) {
    evalhost_text text;
    text.data = string;
    text.size = string ? (uint64_t)strlen(string) : 0u;
    return text;
}

/* Whether two texts are the same bytes. */
static inline int evalhost_text_equal(evalhost_text a, evalhost_text b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, (size_t)a.size) == 0);
}

/* The spans of a field of kind SPANS, `field->count` of them, valid as long as the field; null for every other kind. */
static inline const evalhost_span *evalhost_spans(const evalhost_field *field) {
    return field->kind == EVALHOST_KIND_SPANS ? (const evalhost_span *)field->items : (const evalhost_span *)0;
}

/* A finite number within the declared range. NaN and infinities are the row's error. */
static inline evalhost_status evalhost_number_at(const evalhost_sink *out, uint32_t feedback, double number) {
    return out->table->put_number(out, feedback, number);
}
static inline evalhost_status evalhost_number(const evalhost_sink *out, double number) {
    return evalhost_number_at(out, 0, number);
}

/* An integer within the declared range; all 64 bits stay exact. */
static inline evalhost_status evalhost_integer_at(const evalhost_sink *out, uint32_t feedback, int64_t integer) {
    return out->table->put_integer(out, feedback, EVALHOST_KIND_INTEGER, integer);
}
static inline evalhost_status evalhost_integer(const evalhost_sink *out, int64_t integer) {
    return evalhost_integer_at(out, 0, integer);
}

/* A boolean: false if zero, else true. */
static inline evalhost_status evalhost_boolean_at(const evalhost_sink *out, uint32_t feedback, int truth) {
    return out->table->put_integer(out, feedback, EVALHOST_KIND_BOOLEAN, truth != 0);
}
static inline evalhost_status evalhost_boolean(const evalhost_sink *out, int truth) {
    return evalhost_boolean_at(out, 0, truth);
}

/* A category's value, as the index of a declared label. */
static inline evalhost_status evalhost_label_at(const evalhost_sink *out, uint32_t feedback, uint32_t label) {
    return out->table->put_integer(out, feedback, EVALHOST_KIND_LABEL, (int64_t)label);
}
static inline evalhost_status evalhost_label(const evalhost_sink *out, uint32_t label) {
    return evalhost_label_at(out, 0, label);
}

/* A value in full, with rationale, metadata and span. The host copies all before it returns. */
static inline evalhost_status evalhost_put(const evalhost_sink *out, uint32_t feedback, const evalhost_value *value) {
    return out->table->put_value(out, feedback, value);
}

/* An empty value of a kind, with struct_size set: the beginning of every full value. */
static inline evalhost_value evalhost_value_of(uint32_t kind) {
    evalhost_value value;
    memset(&value, 0, sizeof value);
    value.struct_size = (uint32_t)sizeof value;
    value.kind = kind;
    return value;
}
static inline evalhost_value evalhost_value_of_number(double number) {
    evalhost_value value = evalhost_value_of(EVALHOST_KIND_NUMBER);
    value.number = number;
    return value;
}
static inline evalhost_value evalhost_value_of_integer(int64_t integer) {
    evalhost_value value = evalhost_value_of(EVALHOST_KIND_INTEGER);
    value.integer = integer;
    return value;
}
static inline evalhost_value evalhost_value_of_boolean(int truth) {
    evalhost_value value = evalhost_value_of(EVALHOST_KIND_BOOLEAN);
    value.integer = truth != 0;
    return value;
}
static inline evalhost_value evalhost_value_of_label(uint32_t label) {
    evalhost_value value = evalhost_value_of(EVALHOST_KIND_LABEL);
    value.integer = (int64_t)label;
    return value;
}
static inline evalhost_value evalhost_value_of_text(evalhost_text text) {
    evalhost_value value = evalhost_value_of(EVALHOST_KIND_TEXT);
    value.text = text;
    return value;
}
static inline evalhost_value evalhost_value_of_object(evalhost_text json) {
    evalhost_value value = evalhost_value_of(EVALHOST_KIND_JSON);
    value.text = json;
    return value;
}

/* A text, and a JSON object: valid UTF-8 of at most EVALHOST_MAX_TEXT_BYTES, not absent. */
static inline evalhost_status evalhost_string(const evalhost_sink *out, evalhost_text text) {
    evalhost_value value = evalhost_value_of_text(text);
    return evalhost_put(out, 0, &value);
}
static inline evalhost_status evalhost_object(const evalhost_sink *out, evalhost_text json) {
    evalhost_value value = evalhost_value_of_object(json);
    return evalhost_put(out, 0, &value);
}

/* The ends that aren't values, each with a message for people (null: none): `return evalhost_skip(out, "no words");` */
static inline evalhost_status evalhost_error(const evalhost_sink *out, const char *message) {
    evalhost_text text = evalhost_text_of(message);
    (void)out->table->put_message(out, text.data, text.size);
    return EVALHOST_ERROR;
}
static inline evalhost_status evalhost_skip(const evalhost_sink *out, const char *message) {
    evalhost_text text = evalhost_text_of(message);
    (void)out->table->put_message(out, text.data, text.size);
    return EVALHOST_SKIP;
}
static inline evalhost_status evalhost_retry(const evalhost_sink *out, const char *message) {
    evalhost_text text = evalhost_text_of(message);
    (void)out->table->put_message(out, text.data, text.size);
    return EVALHOST_RETRY;
}

/* Ends create: the setting with this index (-1: none in particular) can't be used, and why (null: no words). Returns ERROR. */
static inline evalhost_status evalhost_reject(const evalhost_setup *setup, int32_t setting, const char *message) {
    evalhost_text text = evalhost_text_of(message);
    (void)setup->reject(setup, setting, text.data, text.size);
    return EVALHOST_ERROR;
}

/*
 * A table of an extension, or null where it isn't offered; cast it to the type that the extension's header names. On any
 * thread, from create until destroy has returned; the table lives until then too.
 */
static inline const void *evalhost_extension(const evalhost_host *host, const char *id, uint32_t revision) {
    return host->extension(host, id, revision);
}

#ifdef __cplusplus
}
#endif

#endif
