/* query.c: see query.h. */
#include "query.h"

#include <string.h>

/* Three backticks at the beginning of a line, from `at` on; null: there are none. */
static const char *fence(const char *at, const char *begin, const char *end) {
    for (; at + 3 <= end; at++) {
        const char *before = at;
        if (memcmp(at, "```", 3) != 0) continue;
        while (before > begin && (before[-1] == ' ' || before[-1] == '\t')) before--;
        if (before == begin || before[-1] == '\n') return at;
    }
    return NULL;
}

const char *query_in(const char *text, size_t size, size_t *query_size) {
    const char *end = text + size, *open = fence(text, text, end), *body, *close;
    *query_size = size;
    if (!open) return text;
    body = (const char *)memchr(open, '\n', (size_t)(end - open));
    if (!body) return text;
    body++;
    close = fence(body, body, end);
    *query_size = (size_t)((close ? close : end) - body);
    return body;
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9') || (c & 0x80) || c == '$';
}

static int is_word(const char *word, size_t size, const char *upper) {
    if (strlen(upper) != size) return 0;
    for (size_t index = 0; index < size; index++)
        if ((word[index] & ~0x20) != upper[index]) return 0;
    return 1;
}

/* The end of the quoted text, name or comment that begins at `at`, or `at` where none does. */
static const char *after_quoted(const char *at, const char *end) {
    char close = *at == '[' ? ']' : *at;
    const char *next = at + 1;
    if (*at == '-' && next < end && *next == '-') {
        next = (const char *)memchr(at, '\n', (size_t)(end - at));
        return next ? next : end;
    }
    if (*at == '/' && next < end && *next == '*') {
        for (next = at + 2; next + 1 < end; next++)
            if (next[0] == '*' && next[1] == '/') return next + 2;
        return end;
    }
    if (*at != '\'' && *at != '"' && *at != '`' && *at != '[') return at;
    while (next < end && *next != close) next++; /* a doubled quote ends one text and begins the next */
    return next < end ? next + 1 : end;
}

int query_is_ordered(const char *sql, size_t size) {
    const char *at = sql, *end = sql + size;
    int depth = 0, was_order = 0;
    while (at < end) {
        const char *next = after_quoted(at, end);
        if (next > at) {
            at = next;
        } else if (is_letter(*at)) {
            while (next < end && is_letter(*next)) next++;
            if (depth == 0 && was_order && is_word(at, (size_t)(next - at), "BY")) return 1;
            was_order = is_word(at, (size_t)(next - at), "ORDER");
            at = next;
        } else {
            if (*at == '(') depth++;
            if (*at == ')' && depth > 0) depth--;
            at++;
        }
    }
    return 0;
}

int query_is_empty(const char *sql, size_t size) {
    const char *at = sql, *end = sql + size;
    while (at < end) {
        if (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r' || *at == '\f' || *at == ';') {
            at++;
        } else if (*at == '-' || *at == '/') {
            const char *next = after_quoted(at, end);
            if (next == at) return 0;
            at = next;
        } else {
            return 0;
        }
    }
    return 1;
}
