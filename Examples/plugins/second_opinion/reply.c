/* reply.c: finds one text in a JSON object. Never reads beyond the end, whatever it is given. */
#include "reply.h"

typedef struct reader {
    const char *at, *end;
} reader;

static void skip_space(reader *in) {
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) in->at++;
}

static int take(reader *in, char character) {
    skip_space(in);
    if (in->at == in->end || *in->at != character) return 0;
    in->at++;
    return 1;
}

static int hexadecimal(reader *in, uint32_t *unit) {
    *unit = 0;
    for (int digit = 0; digit < 4; digit++) {
        char c = in->at < in->end ? *in->at++ : 0;
        if (c >= '0' && c <= '9') *unit = *unit << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f') *unit = *unit << 4 | (uint32_t)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F') *unit = *unit << 4 | (uint32_t)(c - 'A' + 10);
        else return 0;
    }
    return 1;
}

/* A scalar as UTF-8. Returns its size. */
static size_t encode(uint32_t scalar, char bytes[4]) {
    static const uint32_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t size = scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    for (size_t each = size; each-- > 1; scalar >>= 6) bytes[each] = (char)(0x80 | (scalar & 63));
    bytes[0] = (char)(lead[size] | scalar);
    return size;
}

/* What \u stands for, of two units if need be. Returns its size, 0 if it is none. */
static size_t unicode(reader *in, char bytes[4]) {
    uint32_t scalar, low;
    if (!hexadecimal(in, &scalar)) return 0;
    if (scalar >= 0xD800 && scalar < 0xE000) {
        if (scalar >= 0xDC00 || in->end - in->at < 2 || in->at[0] != '\\' || in->at[1] != 'u') return 0;
        in->at += 2;
        if (!hexadecimal(in, &low) || low < 0xDC00 || low >= 0xE000) return 0;
        scalar = 0x10000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
    }
    return encode(scalar, bytes);
}

/* Reads a string. `to` may be null: it is only skipped. Returns its size, REPLY_NONE if it is none or has no room. */
static uint64_t string(reader *in, char *to, size_t room) {
    size_t size = 0;
    if (!take(in, '"')) return REPLY_NONE;
    while (in->at < in->end) {
        char bytes[4] = {*in->at++, 0, 0, 0};
        size_t count = 1;
        if (bytes[0] == '"') {
            if (to && size >= room) return REPLY_NONE;
            if (to) to[size] = 0;
            return size;
        }
        if (bytes[0] == '\\') {
            if (in->at == in->end) return REPLY_NONE;
            switch (bytes[0] = *in->at++) {
            case 'n': bytes[0] = '\n'; break;
            case 't': bytes[0] = '\t'; break;
            case 'r': bytes[0] = '\r'; break;
            case 'b': bytes[0] = '\b'; break;
            case 'f': bytes[0] = '\f'; break;
            case 'u': count = unicode(in, bytes); break;
            default: break;
            }
            if (count == 0) return REPLY_NONE;
        }
        if (to && (size > room || count > room - size)) return REPLY_NONE;
        if (to) memcpy(to + size, bytes, count);
        size += count;
    }
    return REPLY_NONE;
}

/* Skips a value: brackets are counted outside of strings. */
static int skip_value(reader *in) {
    int depth = 0;
    skip_space(in);
    while (in->at < in->end) {
        char c = *in->at;
        if (c == '"') {
            if (string(in, NULL, 0) == REPLY_NONE) return 0;
            if (depth == 0) return 1;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return 1;
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && depth > 0) depth--;
        in->at++;
        if (depth == 0 && (c == '}' || c == ']')) return 1;
    }
    return 0;
}

uint64_t reply_text(evalhost_text json, const char *key, char *to, size_t room) {
    reader in = {json.data, json.data ? json.data + json.size : NULL};
    char name[64];
    if (!in.at || !take(&in, '{')) return REPLY_NONE;
    for (;;) {
        reader before = in;
        if (string(&in, name, sizeof name) == REPLY_NONE) { /* no key of ours is that long */
            in = before;
            name[0] = 0;
            if (string(&in, NULL, 0) == REPLY_NONE) return REPLY_NONE;
        }
        if (!take(&in, ':')) return REPLY_NONE;
        if (strcmp(name, key) == 0) return string(&in, to, room);
        if (!skip_value(&in) || !take(&in, ',')) return REPLY_NONE;
    }
}
