/* blocks.c: see blocks.h. */
#include "blocks.h"

#include <string.h>

/* A line, without its newline. */
typedef struct line {
    const char *start;
    size_t size, indent; /* indent: the spaces and tabs that it begins with */
    size_t next;         /* where the line after it begins */
} line;

static line line_at(const char *text, size_t size, size_t at) {
    line one = {text + at, size - at, 0, size};
    const char *newline = (const char *)memchr(one.start, '\n', size - at);
    if (newline) {
        one.size = (size_t)(newline - one.start);
        one.next = at + one.size + 1;
    }
    if (one.size > 0 && one.start[one.size - 1] == '\r') one.size--;
    while (one.indent < one.size && (one.start[one.indent] == ' ' || one.start[one.indent] == '\t')) one.indent++;
    return one;
}

/* How many backticks or tildes the line begins with; 0 for fewer than three. */
static size_t fence_of(const line *one) {
    size_t count = 0;
    char mark = one->indent < one->size ? one->start[one->indent] : 0;
    if (mark != '`' && mark != '~') return 0;
    while (one->indent + count < one->size && one->start[one->indent + count] == mark) count++;
    return count >= 3 ? count : 0;
}

static void read_tag(const line *one, size_t fence, char tag[TAG_ROOM]) {
    size_t at = one->indent + fence, count = 0;
    while (at < one->size && one->start[at] && strchr(" \t{.", one->start[at])) at++;
    for (; at < one->size && count + 1 < TAG_ROOM; at++) {
        char c = one->start[at];
        if (c >= 'A' && c <= 'Z') c = (char)(c + ('a' - 'A'));
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '#' || c == '-' || c == '_')) break;
        tag[count++] = c;
    }
    tag[count] = 0;
}

int block_next(const char *text, size_t size, size_t *at, block *found, char *code) {
    line open = {NULL, 0, 0, 0};
    size_t fence = 0;
    while (*at < size && fence == 0) {
        open = line_at(text, size, *at);
        fence = fence_of(&open);
        /* Backticks behind it make it code within a line. */
        if (fence > 0 && open.start[open.indent] == '`' &&
            memchr(open.start + open.indent + fence, '`', open.size - open.indent - fence))
            fence = 0;
        *at = open.next;
    }
    if (fence == 0) return 0;
    read_tag(&open, fence, found->tag);
    found->size = 0;
    while (*at < size) {
        line one = line_at(text, size, *at);
        size_t closing = fence_of(&one), cut = one.indent < open.indent ? one.indent : open.indent, rest = one.size - cut;
        *at = one.next;
        if (closing >= fence && one.start[one.indent] == open.start[open.indent]) {
            size_t behind = one.indent + closing;
            while (behind < one.size && (one.start[behind] == ' ' || one.start[behind] == '\t')) behind++;
            if (behind == one.size) break;
        }
        memcpy(code + found->size, one.start + cut, rest);
        found->size += rest;
        if (one.start + one.size < text + size) code[found->size++] = '\n';
    }
    code[found->size] = 0;
    return 1;
}
