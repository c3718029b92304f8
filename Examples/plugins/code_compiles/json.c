/* json.c: see json.h. Without recursion: what is open is kept in a row of bits. */
#include "json.h"

#include <stdint.h>
#include <string.h>

enum { MAX_DEPTH = 4096 };

typedef struct reader {
    const char *text;
    size_t size, at;
} reader;

static int peek(const reader *in) { return in->at < in->size ? (unsigned char)in->text[in->at] : -1; }

static void skip_space(reader *in) {
    int c;
    while ((c = peek(in)) == ' ' || c == '\t' || c == '\n' || c == '\r') in->at++;
}

static int is_digit(int c) { return c >= '0' && c <= '9'; }
static int is_hexadecimal(int c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

static const char *read_string(reader *in) {
    in->at++;
    for (;; in->at++) {
        int c = peek(in);
        if (c < 0) return "a string has no end";
        if (c < 0x20) return "a control character stands in a string";
        if (c == '"') break;
        if (c != '\\') continue;
        in->at++;
        c = peek(in);
        if (c == 'u') {
            for (int digit = 0; digit < 4; digit++) {
                in->at++;
                if (!is_hexadecimal(peek(in))) return "\\u takes four hexadecimal digits";
            }
        } else if (c <= 0 || !strchr("\"\\/bfnrt", c)) {
            return "there is no such escape";
        }
    }
    in->at++;
    return NULL;
}

static const char *read_number(reader *in) {
    if (peek(in) == '-') in->at++;
    if (peek(in) == '0') in->at++;
    else if (is_digit(peek(in))) while (is_digit(peek(in))) in->at++;
    else return "a number needs a digit here";
    if (is_digit(peek(in))) return "a number can't begin with 0 and go on";
    if (peek(in) == '.') {
        in->at++;
        if (!is_digit(peek(in))) return "a number needs a digit here";
        while (is_digit(peek(in))) in->at++;
    }
    if (peek(in) == 'e' || peek(in) == 'E') {
        in->at++;
        if (peek(in) == '+' || peek(in) == '-') in->at++;
        if (!is_digit(peek(in))) return "a number needs a digit here";
        while (is_digit(peek(in))) in->at++;
    }
    return NULL;
}

static const char *read_word(reader *in) {
    static const char *const words[] = {"true", "false", "null"};
    for (int index = 0; index < 3; index++) {
        size_t length = strlen(words[index]);
        if (in->size - in->at < length || memcmp(in->text + in->at, words[index], length) != 0) continue;
        in->at += length;
        return NULL;
    }
    return peek(in) < 0 ? "a value is missing" : "this is no value";
}

static const char *read_key(reader *in) {
    const char *problem;
    skip_space(in);
    if (peek(in) != '"') return "a key is missing";
    problem = read_string(in);
    if (problem) return problem;
    skip_space(in);
    if (peek(in) != ':') return "a key has no colon";
    in->at++;
    return NULL;
}

static const char *read_value(reader *in) {
    uint64_t objects[MAX_DEPTH / 64] = {0}; /* which of the open ones are objects */
    size_t depth = 0;
    for (;;) {
        const char *problem = NULL;
        int c, is_value = 1;
        skip_space(in);
        c = peek(in);
        if (c == '{' || c == '[') {
            uint64_t bit = (uint64_t)1 << depth % 64;
            if (depth == MAX_DEPTH) return "it is nested too deeply";
            objects[depth / 64] = (objects[depth / 64] & ~bit) | (c == '{' ? bit : 0);
            depth++;
            in->at++;
            skip_space(in);
            is_value = 0;
            if (peek(in) == (c == '{' ? '}' : ']')) in->at++, depth--, is_value = 1;
            else if (c == '{') problem = read_key(in);
        } else {
            problem = c == '"' ? read_string(in) : c == '-' || is_digit(c) ? read_number(in) : read_word(in);
        }
        if (problem) return problem;
        while (is_value && depth > 0) { /* what may follow a value: a comma, or the end of what it is in */
            int is_object = (int)(objects[(depth - 1) / 64] >> (depth - 1) % 64 & 1);
            skip_space(in);
            c = peek(in);
            if (c == ',') {
                in->at++;
                problem = is_object ? read_key(in) : NULL;
                if (problem) return problem;
                break;
            }
            if (c != (is_object ? '}' : ']')) return is_object ? "a comma or } is missing" : "a comma or ] is missing";
            in->at++;
            depth--;
        }
        if (is_value && depth == 0) return NULL;
    }
}

const char *json_problem(const char *text, size_t size, size_t *at) {
    reader in = {text, size, 0};
    const char *problem = read_value(&in);
    if (!problem) {
        skip_space(&in);
        if (in.at < size) problem = "something stands behind the value";
    }
    *at = in.at;
    return problem;
}
