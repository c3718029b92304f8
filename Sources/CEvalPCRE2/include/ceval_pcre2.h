/* PCRE2 behind C functions, because its own names are macros that Swift can't import.
 *
 * A pattern is immutable and may be shared by threads. A scratch belongs to one thread at a time. Texts
 * are valid UTF-8; that is the caller's promise and is not checked again. */
#ifndef CEVAL_PCRE2_H
#define CEVAL_PCRE2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ceval_regex ceval_regex;
typedef struct ceval_regex_scratch ceval_regex_scratch;

typedef struct ceval_regex_error {
    size_t offset;     /* the byte of the pattern at which the mistake was noticed */
    char message[160]; /* PCRE2's words for it, NUL-terminated */
} ceval_regex_error;

enum {
    CEVAL_REGEX_WHOLE = 1,    /* the whole text must match */
    CEVAL_REGEX_CASELESS = 2, /* upper and lower case are the same */
};

/* Compiles a pattern with Unicode classes and line ends of one LF; NULL, with *error filled, when it is wrong. */
ceval_regex *ceval_regex_create(const uint8_t *pattern, size_t size, int options, ceval_regex_error *error);
void ceval_regex_destroy(ceval_regex *regex);

/* Room for one match at a time; NULL when memory is short. match_limit bounds the backtracking from one starting
 * place, in PCRE2's own count; milliseconds bounds a long text with many starting places, to within a small factor. */
ceval_regex_scratch *ceval_regex_scratch_create(uint32_t match_limit, uint32_t milliseconds);
void ceval_regex_scratch_destroy(ceval_regex_scratch *scratch);

enum {
    CEVAL_REGEX_NO = 0,
    CEVAL_REGEX_YES = 1,
    CEVAL_REGEX_LIMIT = -1,  /* given up: too much backtracking, time, or memory for it */
    CEVAL_REGEX_FAILED = -2, /* any other failure of PCRE2 */
};

int ceval_regex_match(const ceval_regex *regex, ceval_regex_scratch *scratch, const uint8_t *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
