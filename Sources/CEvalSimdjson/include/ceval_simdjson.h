/* simdjson's DOM parser behind C, so that Swift can import it.
 *
 * One parser belongs to one thread at a time. What a parse returns points into the parser and is valid until
 * its next parse or its destruction; the caller copies what it keeps. The tape is simdjson's own
 * (doc/tape.md of simdjson 3.0): 64-bit words whose high byte is a type, strings in a side buffer as a 32-bit
 * length, the UTF-8 bytes and a NUL. */
#ifndef CEVAL_SIMDJSON_H
#define CEVAL_SIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes that must be readable (their values don't matter) after the document's last byte. */
#define CEVAL_JSON_PADDING 64

typedef struct ceval_json_parser ceval_json_parser;

typedef struct ceval_json_tape {
    const uint64_t *words; /* root word first: its payload is the index of the closing root word */
    size_t word_count;
    const uint8_t *strings;
    size_t string_bytes; /* how much of the string buffer this document uses */
} ceval_json_tape;

/* A parser for documents of at most max_document bytes; NULL when memory is short. */
ceval_json_parser *ceval_json_parser_create(size_t max_document);
void ceval_json_parser_destroy(ceval_json_parser *parser);

/* Parses length bytes at data, which CEVAL_JSON_PADDING readable bytes follow. Returns 0, or simdjson's error code. */
int ceval_json_parse(ceval_json_parser *parser, const uint8_t *data, size_t length, ceval_json_tape *tape);

/* Whether length bytes at data are valid UTF-8; nothing need follow them. Safe on any thread. */
bool ceval_utf8_is_valid(const uint8_t *data, size_t length);

/* Words for an error code of ceval_json_parse; static. */
const char *ceval_json_error_message(int code);

#ifdef __cplusplus
}
#endif
#endif
