#define _GNU_SOURCE /* memmem */
#include "ceval_text.h"

#include <stdlib.h>
#include <string.h>

/* Sixteen bytes; the compiler has instructions for it on x86-64 and arm64. Comparisons give 0xFF or 0 in each lane. */
typedef uint8_t chunk __attribute__((vector_size(16)));

static inline chunk load(const uint8_t *at) {
    chunk result;
    memcpy(&result, at, sizeof result);
    return result;
}

static inline bool any(chunk lanes) {
    uint64_t halves[2];
    memcpy(halves, &lanes, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

static inline chunk fold(chunk bytes) {
    return bytes | ((chunk)((bytes - 'A') < 26) & 0x20);
}

static inline uint8_t fold_byte(uint8_t byte) {
    return (uint8_t)(byte - 'A') < 26 ? byte | 0x20 : byte;
}

bool ceval_text_is_ascii(const uint8_t *text, size_t size) {
    chunk all = {0};
    size_t at = 0;
    for (; at + 16 <= size; at += 16) all |= load(text + at);
    uint8_t rest = 0;
    for (; at < size; at++) rest |= text[at];
    return !any(all & 0x80) && rest < 0x80;
}

/* Adds up lanes that count to at most 255. */
static inline size_t sum(chunk counts) {
    size_t total = 0;
    for (int lane = 0; lane < 16; lane++) total += counts[lane];
    return total;
}

size_t ceval_text_scalars(const uint8_t *text, size_t size) {
    size_t continuations = 0;
    size_t at = 0;
    while (at + 16 <= size) {
        chunk counts = {0};
        for (int step = 0; step < 255 && at + 16 <= size; step++, at += 16) {
            counts -= (chunk)((load(text + at) & 0xC0) == 0x80);
        }
        continuations += sum(counts);
    }
    for (; at < size; at++) continuations += (text[at] & 0xC0) == 0x80;
    return size - continuations;
}

static inline chunk spaces(chunk bytes) {
    return (chunk)((bytes - 0x09) < 5) | (chunk)((bytes - 0x1C) < 5);
}

static inline bool is_space(uint8_t byte) { return (uint8_t)(byte - 0x09) < 5 || (uint8_t)(byte - 0x1C) < 5; }

size_t ceval_text_ascii_words(const uint8_t *text, size_t size) {
    if (size == 0) return 0;
    /* A word begins where white space, or the start, is before something else. */
    size_t words = !is_space(text[0]);
    size_t at = 1;
    while (at + 16 <= size) {
        chunk counts = {0};
        for (int step = 0; step < 255 && at + 16 <= size; step++, at += 16) {
            counts -= spaces(load(text + at - 1)) & ~spaces(load(text + at));
        }
        words += sum(counts);
    }
    for (; at < size; at++) words += is_space(text[at - 1]) && !is_space(text[at]);
    return words;
}

static inline bool equal_folded(const uint8_t *text, const uint8_t *folded, size_t size) {
    size_t at = 0;
    for (; at + 16 <= size; at += 16) {
        if (any(fold(load(text + at)) ^ load(folded + at))) return false;
    }
    for (; at < size; at++) {
        if (fold_byte(text[at]) != folded[at]) return false;
    }
    return true;
}

bool ceval_text_equal_folded(const uint8_t *a, const uint8_t *b, size_t size) {
    size_t at = 0;
    for (; at + 16 <= size; at += 16) {
        if (any(fold(load(a + at)) ^ fold(load(b + at)))) return false;
    }
    for (; at < size; at++) {
        if (fold_byte(a[at]) != fold_byte(b[at])) return false;
    }
    return true;
}

/* memmem is linear however bad the texts are; it begins where the quick search gave up. */
static bool contains_slowly(const uint8_t *text, size_t size, const uint8_t *needle, size_t needle_size, bool folded) {
    if (!folded) return memmem(text, size, needle, needle_size) != NULL;
    uint8_t *copy = malloc(size);
    if (copy == NULL) abort();
    for (size_t at = 0; at < size; at++) copy[at] = fold_byte(text[at]);
    bool found = memmem(copy, size, needle, needle_size) != NULL;
    free(copy);
    return found;
}

/* Looks for the needle's first and last byte at their distance, sixteen places a step, and compares only there. */
static inline bool contains(const uint8_t *text, size_t size, const uint8_t *needle, size_t needle_size, bool folded) {
    if (needle_size == 0) return true;
    if (needle_size > size) return false;
    size_t last = needle_size - 1;
    size_t places = size - last;
    size_t compared = 0;
    size_t at = 0;
    for (; at + 16 <= places; at += 16) {
        chunk heads = load(text + at);
        chunk tails = load(text + at + last);
        if (folded) heads = fold(heads), tails = fold(tails);
        chunk hits = (chunk)(heads == needle[0]) & (chunk)(tails == needle[last]);
        if (!any(hits)) continue;
        for (int lane = 0; lane < 16; lane++) {
            if (!hits[lane]) continue;
            const uint8_t *place = text + at + lane;
            if (folded ? equal_folded(place, needle, needle_size) : memcmp(place, needle, needle_size) == 0) return true;
            compared += needle_size;
        }
        if (compared > 256 + 4 * at) return contains_slowly(text + at, size - at, needle, needle_size, folded);
    }
    for (; at < places; at++) {
        uint8_t head = folded ? fold_byte(text[at]) : text[at];
        if (head != needle[0]) continue;
        if (folded ? equal_folded(text + at, needle, needle_size) : memcmp(text + at, needle, needle_size) == 0) return true;
    }
    return false;
}

bool ceval_text_contains(const uint8_t *text, size_t size, const uint8_t *needle, size_t needle_size) {
    return contains(text, size, needle, needle_size, false);
}

bool ceval_text_contains_folded(const uint8_t *text, size_t size, const uint8_t *needle, size_t needle_size) {
    return contains(text, size, needle, needle_size, true);
}

size_t ceval_text_next_mark(const uint8_t *text, size_t size, size_t start, uint8_t least_high) {
    size_t at = start;
    for (; at + 16 <= size; at += 16) {
        chunk bytes = load(text + at);
        chunk marks = (chunk)((bytes - '0') < 10) | (chunk)(bytes >= least_high) | (chunk)(bytes == '@') | (chunk)(bytes == '+');
        if (any(marks)) break;
    }
    for (; at < size; at++) {
        uint8_t byte = text[at];
        if ((uint8_t)(byte - '0') < 10 || byte >= least_high || byte == '@' || byte == '+') break;
    }
    return at < size ? at : size;
}
