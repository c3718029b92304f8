/* See ceval_pcre2.h. `whole` patterns are tried at the start only, all others at every place of the text. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "ceval_pcre2.h"

#include <pcre2.h>
#include <stdlib.h>
#include <time.h>

struct ceval_regex {
    pcre2_code *code;
    int whole;
};

struct ceval_regex_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    uint32_t match_limit;
    uint32_t milliseconds;
};

enum {
    JIT_STACK_START = 32 * 1024,
    JIT_STACK_MAX = 1024 * 1024,
    HEAP_LIMIT_KIB = 64 * 1024, /* for the interpreter, which runs when the stack above is too small */
    SHORT_TEXT = 16 * 1024,
};

ceval_regex *ceval_regex_create(const uint8_t *pattern, size_t size, int options, ceval_regex_error *error) {
    /* ALT_CIRCUMFLEX: with (?m), ^ also matches after a line end that ends the text, as in Python. */
    uint32_t flags = PCRE2_UTF | PCRE2_UCP | PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
    if (options & CEVAL_REGEX_WHOLE) flags |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    if (options & CEVAL_REGEX_CASELESS) flags |= PCRE2_CASELESS;

    int code = PCRE2_ERROR_NOMEMORY;
    error->offset = 0;
    ceval_regex *regex = calloc(1, sizeof *regex);
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (regex != NULL && context != NULL) {
        pcre2_set_newline(context, PCRE2_NEWLINE_LF);
        regex->code = pcre2_compile(pattern, size, flags, &code, &error->offset, context);
    }
    pcre2_compile_context_free(context);
    if (regex == NULL || regex->code == NULL) {
        pcre2_get_error_message(code, (PCRE2_UCHAR *)error->message, sizeof error->message);
        free(regex);
        return NULL;
    }
    regex->whole = (options & CEVAL_REGEX_WHOLE) != 0;
    pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE); /* without JIT the interpreter matches: slower, the same */
    return regex;
}

void ceval_regex_destroy(ceval_regex *regex) {
    if (regex == NULL) return;
    pcre2_code_free(regex->code);
    free(regex);
}

ceval_regex_scratch *ceval_regex_scratch_create(uint32_t match_limit, uint32_t milliseconds) {
    ceval_regex_scratch *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL) return NULL;
    scratch->data = pcre2_match_data_create(1, NULL); /* only whether it matches is asked, not where */
    scratch->context = pcre2_match_context_create(NULL);
    scratch->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MAX, NULL);
    if (scratch->data == NULL || scratch->context == NULL) {
        ceval_regex_scratch_destroy(scratch);
        return NULL;
    }
    scratch->match_limit = match_limit;
    pcre2_set_heap_limit(scratch->context, HEAP_LIMIT_KIB);
    if (scratch->stack != NULL) pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
    scratch->milliseconds = milliseconds;
    return scratch;
}

void ceval_regex_scratch_destroy(ceval_regex_scratch *scratch) {
    if (scratch == NULL) return;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->context);
    pcre2_jit_stack_free(scratch->stack);
    free(scratch);
}

static int match_window(const ceval_regex *regex, ceval_regex_scratch *scratch, const uint8_t *text, size_t size,
                        size_t start) {
    uint32_t options = PCRE2_NO_UTF_CHECK;
    int found = pcre2_match(regex->code, text, size, start, options, scratch->data, scratch->context);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT) {
        options |= PCRE2_NO_JIT;
        found = pcre2_match(regex->code, text, size, start, options, scratch->data, scratch->context);
    }
    if (found >= 0) return CEVAL_REGEX_YES;
    switch (found) {
    case PCRE2_ERROR_NOMATCH: return CEVAL_REGEX_NO;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_NOMEMORY: return CEVAL_REGEX_LIMIT;
    default: return CEVAL_REGEX_FAILED;
    }
}

static int64_t milliseconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the match limit counts may each cost a pass over the text, so a long text has a lower limit. It counts anew at
 * each starting place: these are tried in windows that double, with a look at the clock between them. */
int ceval_regex_match(const ceval_regex *regex, ceval_regex_scratch *scratch, const uint8_t *text, size_t size) {
    pcre2_set_match_limit(scratch->context, (uint32_t)(scratch->match_limit / (1 + size / SHORT_TEXT)));
    if (regex->whole || size <= SHORT_TEXT) {
        pcre2_set_offset_limit(scratch->context, PCRE2_UNSET);
        return match_window(regex, scratch, text, size, 0);
    }
    int64_t deadline = milliseconds_now() + scratch->milliseconds;
    size_t window = 1;
    for (size_t start = 0; start <= size; window *= 2) {
        size_t last = start + window - 1 < size ? start + window - 1 : size;
        pcre2_set_offset_limit(scratch->context, last);
        int found = match_window(regex, scratch, text, size, start);
        if (found != CEVAL_REGEX_NO) return found;
        if (milliseconds_now() > deadline) return CEVAL_REGEX_LIMIT;
        for (start = last + 1; start < size && (text[start] & 0xC0) == 0x80;) start++;
    }
    return CEVAL_REGEX_NO;
}
