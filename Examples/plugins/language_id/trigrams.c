/*
 * trigrams.c: see trigrams.h. Naive Bayes over trigrams of letters, with a space before and behind each word, and over the
 * bigrams and letters in them, which say something where a sample is too short to have the trigram.
 *
 * Scripts of thousands of characters would need large samples, so their characters are taken as one each: an ideograph, a
 * Hangul syllable, a hiragana, a katakana. What then tells Japanese from Chinese is that it mixes them.
 */
#include "trigrams.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENOUGH = 20000 }; /* trigrams of a text */
enum { IDEOGRAPH = 0x4E00, HIRAGANA = 0x3042, KATAKANA = 0x30A2, HANGUL = 0xAC00 };

/* The scalar at `at` of valid UTF-8, and its size in bytes. */
static uint32_t scalar_at(const char *text, size_t size, size_t at, size_t *length) {
    const unsigned char *bytes = (const unsigned char *)text + at;
    uint32_t scalar = bytes[0];
    *length = scalar < 0x80 ? 1 : scalar < 0xE0 ? 2 : scalar < 0xF0 ? 3 : 4;
    if (*length == 1) return scalar;
    if (*length > size - at) {
        *length = size - at;
        return 0xFFFD;
    }
    scalar &= 0x7Fu >> *length;
    for (size_t next = 1; next < *length; next++) scalar = scalar << 6 | (bytes[next] & 0x3Fu);
    return scalar;
}

static uint32_t lower(uint32_t scalar) {
    if (scalar < 0x80) return scalar >= 'A' && scalar <= 'Z' ? scalar + 32 : scalar;
    if (scalar >= 0xC0 && scalar <= 0xDE) return scalar + 32;
    if ((scalar >= 0x139 && scalar <= 0x148) || (scalar >= 0x179 && scalar <= 0x17E)) return scalar + (scalar & 1);
    if (scalar == 0x130) return 'i'; /* Turkish */
    if (scalar >= 0x100 && scalar <= 0x177) return scalar | 1;
    if (scalar >= 0x218 && scalar <= 0x21B) return scalar | 1; /* Romanian */
    if (scalar >= 0x391 && scalar <= 0x3A9) return scalar + 32;
    if (scalar >= 0x410 && scalar <= 0x42F) return scalar + 32;
    if (scalar >= 0x400 && scalar <= 0x40F) return scalar + 80;
    if (scalar == 0x490) return 0x491;
    return scalar;
}

/* A letter as it is counted; 0 for what is none, such as digits, signs and space. */
static uint32_t letter_of(uint32_t scalar) {
    if (scalar < 0x80) {
        scalar = lower(scalar);
        return scalar >= 'a' && scalar <= 'z' ? scalar : 0;
    }
    if (scalar < 0xC0) return scalar == 0xAA || scalar == 0xB5 || scalar == 0xBA ? scalar : 0;
    if (scalar == 0xD7 || scalar == 0xF7) return 0;
    if (scalar < 0x2000) return scalar == 0x60C || scalar == 0x61B || scalar == 0x61F || scalar == 0x37E ? 0 : lower(scalar);
    if (scalar < 0x3041 || (scalar >= 0xE000 && scalar < 0xF900) || scalar == 0xFFFD) return scalar == 0x3005 ? IDEOGRAPH : 0;
    if (scalar < 0x30A0) return HIRAGANA;
    if (scalar < 0x3100) return scalar == 0x30FB ? 0 : KATAKANA;
    if ((scalar >= 0x3400 && scalar < 0x4DC0) || (scalar >= 0x4E00 && scalar < 0xA000)) return IDEOGRAPH;
    if ((scalar >= 0xF900 && scalar < 0xFB00) || (scalar >= 0x20000 && scalar < 0x40000)) return IDEOGRAPH;
    if (scalar >= 0xAC00 && scalar < 0xD7A4) return HANGUL;
    if ((scalar >= 0xFE00 && scalar < 0xFE70) || scalar >= 0xFF00) return 0; /* wide signs, emoji */
    return scalar;
}

static int is_class(uint32_t letter) {
    return letter == IDEOGRAPH || letter == HIRAGANA || letter == KATAKANA || letter == HANGUL;
}

/* Reads trigrams one after another. */
typedef struct reader {
    const char *text;
    size_t size, at;
    uint32_t one, two; /* the two letters before; ' ' outside of words */
    uint64_t letters;
    int skips_fences, is_in_fence, is_at_line_start;
} reader;

/* Skips lines of code, and the fences around them. */
static void skip_code(reader *in) {
    while (in->at < in->size) {
        const char *line = in->text + in->at, *newline;
        int is_fence = in->size - in->at >= 3 && memcmp(line, "```", 3) == 0;
        if (!is_fence && !in->is_in_fence) return;
        if (is_fence) in->is_in_fence = !in->is_in_fence;
        newline = (const char *)memchr(line, '\n', in->size - in->at);
        in->at = newline ? (size_t)(newline - in->text) + 1 : in->size;
    }
}

/* The next character as a letter, or 0. */
static uint32_t next_letter(reader *in) {
    uint32_t letter;
    size_t length;
    if (in->skips_fences && in->is_at_line_start) skip_code(in);
    if (in->at >= in->size) return 0;
    letter = letter_of(scalar_at(in->text, in->size, in->at, &length));
    in->is_at_line_start = in->text[in->at] == '\n';
    in->at += length;
    return letter;
}

/* The next trigram as a key, which is never 0; 0 at the end. A letter is in its middle, a space may be around it. */
static uint64_t next(reader *in) {
    while (in->at < in->size || in->two != ' ') {
        uint32_t letter = next_letter(in);
        uint64_t key;
        if (letter != 0) in->letters += is_class(letter) ? 3 : 1;
        else letter = ' ';
        if (letter == ' ' && in->two == ' ') continue;
        key = (uint64_t)in->one << 42 | (uint64_t)in->two << 21 | letter;
        in->one = in->two;
        in->two = letter;
        if (in->one != ' ') return key;
    }
    return 0;
}

static reader reader_of(const char *text, size_t size, int skips_fences) {
    reader in = {text, size, 0, ' ', ' ', 0, skips_fences, 0, 1};
    return in;
}

static trigram *slot_of(trigram *slots, size_t count, uint64_t key) {
    uint64_t hash = key * 0x9E3779B97F4A7C15u;
    size_t slot = (size_t)(hash >> 32) & (count - 1);
    while (slots[slot].key != 0 && slots[slot].key != key) slot = (slot + 1) & (count - 1);
    return &slots[slot];
}

static int grow(profiles *it) {
    size_t count = it->slot_count ? it->slot_count * 2 : 1024;
    trigram *larger;
    if (it->used * 2 < it->slot_count) return 1;
    larger = (trigram *)calloc(count, sizeof *larger);
    if (!larger) return 0;
    for (size_t slot = 0; slot < it->slot_count; slot++)
        if (it->slots[slot].key != 0) *slot_of(larger, count, it->slots[slot].key) = it->slots[slot];
    free(it->slots);
    it->slots = larger;
    it->slot_count = count;
    return 1;
}

/* What is counted for a trigram: itself, the two letters at its end, and the letter in its middle. */
enum { PARTS = 3 };
static const int shifts[PARTS] = {0, 0, 21};
static const int widths[PARTS] = {63, 42, 21};

static uint64_t part_of(uint64_t key, int part) { return key >> shifts[part] & (((uint64_t)1 << widths[part]) - 1); }

int profiles_learn(profiles *it, uint32_t language, const char *text, size_t size) {
    reader in = reader_of(text, size, 0);
    uint64_t key;
    while ((key = next(&in)) != 0) {
        for (int part = 0; part < PARTS; part++) {
            trigram *slot;
            if (!grow(it)) return 0;
            slot = slot_of(it->slots, it->slot_count, part_of(key, part));
            if (slot->key == 0) it->used++;
            slot->key = part_of(key, part);
            slot->counts[language]++;
            it->totals[language]++;
        }
    }
    if (language >= it->languages) it->languages = language + 1;
    return 1;
}

guess profiles_judge(const profiles *it, const char *text, size_t size) {
    static const double smoothing = 0.2;
    reader in = reader_of(text, size, 1);
    double sums[MAX_LANGUAGES] = {0}, denominators[MAX_LANGUAGES];
    uint64_t known[MAX_LANGUAGES] = {0}, key;
    guess made = {0, 0, 0, 0, 0, 0};

    for (uint32_t language = 0; language < it->languages; language++)
        denominators[language] = log((double)it->totals[language] + smoothing * (double)it->used);
    while (made.trigrams < ENOUGH && (key = next(&in)) != 0) {
        made.trigrams++;
        for (int part = 0; part < PARTS; part++) {
            const trigram *slot = slot_of(it->slots, it->slot_count, part_of(key, part));
            if (slot->key == 0) continue; /* unknown to all: it tells none from another */
            for (uint32_t language = 0; language < it->languages; language++) {
                uint32_t count = slot->counts[language];
                sums[language] += log(count + smoothing) - denominators[language];
                if (part == PARTS - 1) known[language] += count > 0;
            }
        }
    }
    made.letters = in.letters;
    for (uint32_t language = 0; language < it->languages; language++)
        if (sums[language] > sums[made.best]) made.best = language;
    made.second = made.best == 0 ? 1 : 0;
    for (uint32_t language = 0; language < it->languages; language++)
        if (language != made.best && sums[language] > sums[made.second]) made.second = language;
    made.known = known[made.best];
    if (made.trigrams > 0) made.lead = (sums[made.best] - sums[made.second]) / (double)made.trigrams;
    return made;
}

void profiles_free(profiles *it) { free(it->slots); }
