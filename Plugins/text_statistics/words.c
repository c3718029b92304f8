/* words.c: see words.h. */
#include "words.h"

#include <stdlib.h>

/* The scalar at `at` of valid UTF-8, and its size in bytes; U+0000 beyond the end. */
static uint32_t scalar_at(const char *text, size_t size, size_t at, size_t *length) {
    const unsigned char *bytes = (const unsigned char *)text + at;
    *length = 1;
    if (at >= size) return 0;
    if (bytes[0] < 0x80) return bytes[0];
    *length = bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    if (at + *length > size) {
        *length = size - at;
        return 0xFFFD;
    }
    if (*length == 2) return (uint32_t)(bytes[0] & 0x1F) << 6 | (bytes[1] & 0x3Fu);
    if (*length == 3) return (uint32_t)(bytes[0] & 0x0F) << 12 | (uint32_t)(bytes[1] & 0x3F) << 6 | (bytes[2] & 0x3Fu);
    return (uint32_t)(bytes[0] & 0x07) << 18 | (uint32_t)(bytes[1] & 0x3F) << 12 | (uint32_t)(bytes[2] & 0x3F) << 6 |
           (bytes[3] & 0x3Fu);
}

enum kind { OTHER, LETTER, WHOLE_WORD };

typedef struct range {
    uint32_t first, last;
    enum kind kind;
} range;

/* Beyond ASCII: what is a word by itself, and what is no letter. All the rest is letters, digits and their marks. */
static const range ranges[] = {
    {0x80, 0xA9, OTHER},         {0xAB, 0xB4, OTHER},         {0xB6, 0xB9, OTHER},         {0xBB, 0xBF, OTHER},
    {0xD7, 0xD7, OTHER},         {0xF7, 0xF7, OTHER},         {0x37E, 0x37E, OTHER},       {0x387, 0x387, OTHER},
    {0x55A, 0x55F, OTHER},       {0x589, 0x58F, OTHER},       {0x5BE, 0x5BE, OTHER},       {0x5C0, 0x5C0, OTHER},
    {0x5C3, 0x5C3, OTHER},       {0x5F3, 0x5F4, OTHER},       {0x600, 0x60F, OTHER},       {0x61B, 0x61F, OTHER},
    {0x66A, 0x66D, OTHER},       {0x6D4, 0x6D4, OTHER},       {0x964, 0x965, OTHER},       {0xE3F, 0xE3F, OTHER},
    {0xE4F, 0xE4F, OTHER},       {0xE5A, 0xE5B, OTHER},       {0x1680, 0x1680, OTHER},     {0x2000, 0x200B, OTHER},
    {0x200C, 0x2070, OTHER},     {0x2072, 0x207E, OTHER},     {0x2080, 0x208E, OTHER},     {0x20A0, 0x20CF, OTHER},
    {0x2100, 0x2BFF, OTHER},     {0x2E00, 0x3004, OTHER},     {0x3005, 0x3007, WHOLE_WORD}, {0x3008, 0x3040, OTHER},
    {0x3041, 0x309F, WHOLE_WORD}, {0x30A0, 0x30A0, OTHER},    {0x30A1, 0x30FA, WHOLE_WORD}, {0x30FB, 0x30FC, OTHER},
    {0x30FD, 0x30FF, WHOLE_WORD}, {0x3200, 0x33FF, OTHER},    {0x3400, 0x4DBF, WHOLE_WORD}, {0x4DC0, 0x4DFF, OTHER},
    {0x4E00, 0x9FFF, WHOLE_WORD}, {0xE000, 0xF8FF, OTHER},    {0xF900, 0xFAFF, WHOLE_WORD}, {0xFE00, 0xFE1F, OTHER},
    {0xFE30, 0xFE6F, OTHER},     {0xFEFF, 0xFF0F, OTHER},     {0xFF1A, 0xFF20, OTHER},     {0xFF3B, 0xFF40, OTHER},
    {0xFF5B, 0xFF65, OTHER},     {0xFF66, 0xFF9D, WHOLE_WORD}, {0xFFE0, 0xFFFF, OTHER},    {0x1F000, 0x1FAFF, OTHER},
    {0x20000, 0x3FFFF, WHOLE_WORD}, {0xE0000, 0x10FFFF, OTHER},
};

static enum kind kind_of(uint32_t scalar) {
    size_t low = 0, high = sizeof ranges / sizeof ranges[0];
    if (scalar < 0x80) {
        uint32_t folded = scalar | 0x20;
        return (folded >= 'a' && folded <= 'z') || (scalar >= '0' && scalar <= '9') ? LETTER : OTHER;
    }
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (scalar > ranges[middle].last) low = middle + 1;
        else if (scalar < ranges[middle].first) high = middle;
        else return ranges[middle].kind;
    }
    return LETTER;
}

/* Apostrophes, hyphens, and the joiners of Persian and Indic words. */
static int is_joint(uint32_t scalar) {
    return scalar == '\'' || scalar == 0x2019 || scalar == '-' || scalar == 0x2011 || scalar == 0x200C || scalar == 0x200D;
}

int word_next(const char *text, size_t size, size_t *at, word *found) {
    size_t length;
    enum kind kind = OTHER;
    while (*at < size && (kind = kind_of(scalar_at(text, size, *at, &length))) == OTHER) *at += length;
    if (*at >= size) return 0;
    found->start = *at;
    found->letters = 0;
    if (kind == WHOLE_WORD) {
        *at += length;
        found->letters = 1;
    }
    while (kind == LETTER && *at < size) {
        uint32_t scalar = scalar_at(text, size, *at, &length);
        if (kind_of(scalar) == LETTER) {
            found->letters++;
        } else {
            size_t next;
            if (!is_joint(scalar) || *at + length >= size) break;
            if (kind_of(scalar_at(text, size, *at + length, &next)) != LETTER) break;
        }
        *at += length;
    }
    found->size = *at - found->start;
    return 1;
}

/* Marks that end a sentence: by themselves, or only if white space or the end follows. */
static int ends_alone(uint32_t scalar) {
    return scalar == 0x3002 || scalar == 0xFF01 || scalar == 0xFF1F || scalar == 0xFF61 || scalar == 0x964;
}
static int ends_before_space(uint32_t scalar) {
    return scalar == '.' || scalar == '!' || scalar == '?' || scalar == 0x2026 || scalar == 0x61F || scalar == 0x6D4 ||
           scalar == 0x37E || scalar == 0x589;
}
static int closes(uint32_t scalar) {
    return scalar == '"' || scalar == '\'' || scalar == ')' || scalar == ']' || scalar == 0x2019 || scalar == 0x201D ||
           scalar == 0xBB;
}
static int is_space(uint32_t scalar) {
    return scalar <= ' ' || scalar == 0x85 || scalar == 0xA0 || (scalar >= 0x2000 && scalar <= 0x200A) || scalar == 0x2028 ||
           scalar == 0x2029 || scalar == 0x202F || scalar == 0x3000;
}

/* Whether a sentence ends between two bytes without a letter: from `from`, where the next word begins at `to`. */
static int ends_between(const char *text, size_t size, size_t from, size_t to) {
    size_t at = from, length;
    int is_pending = 0;
    while (at < to) {
        uint32_t scalar = scalar_at(text, size, at, &length);
        if (ends_alone(scalar)) return 1;
        if (is_pending && is_space(scalar)) return 1;
        if (ends_before_space(scalar)) is_pending = 1;
        else if (!closes(scalar)) is_pending = 0;
        at += length;
    }
    return 0;
}

uint64_t sentence_count_of(const char *text, size_t size) {
    uint64_t count = 0;
    size_t at = 0;
    word found;
    if (!word_next(text, size, &at, &found)) return 0;
    for (;;) {
        size_t end = at;
        count++;
        do {
            end = at;
            if (!word_next(text, size, &at, &found)) return count;
        } while (!ends_between(text, size, end, found.start));
    }
}

/* The lower case of a letter of the Latin, Greek and Cyrillic alphabets, as far as it is a fixed step away. */
static uint32_t lower(uint32_t scalar) {
    if (scalar >= 'A' && scalar <= 'Z') return scalar + 0x20;
    if ((scalar >= 0xC0 && scalar <= 0xDE && scalar != 0xD7) || (scalar >= 0x391 && scalar <= 0x3A9)) return scalar + 0x20;
    if (scalar >= 0x410 && scalar <= 0x42F) return scalar + 0x20;
    if (scalar >= 0x400 && scalar <= 0x40F) return scalar + 0x50;
    return scalar == 0x2019 ? '\'' : scalar;
}

static uint64_t hash_of(const char *text, const word *it) {
    uint64_t hash = 0xCBF29CE484222325u;
    size_t at = it->start, end = it->start + it->size, length;
    for (; at < end; at += length) hash = (hash ^ lower(scalar_at(text, end, at, &length))) * 0x100000001B3u;
    return hash ^ hash >> 29;
}

static int is_same(const char *text, const word *a, const word *b) {
    size_t left = a->start, right = b->start, left_end = left + a->size, right_end = right + b->size, one, other;
    while (left < left_end && right < right_end) {
        if (lower(scalar_at(text, left_end, left, &one)) != lower(scalar_at(text, right_end, right, &other))) return 0;
        left += one;
        right += other;
    }
    return left == left_end && right == right_end;
}

/* Makes room for `count` elements; 0 if there is no memory. */
static int reserve(void **memory, size_t *capacity, size_t count, size_t element) {
    void *grown;
    size_t room = *capacity < 64 ? 64 : *capacity;
    if (count <= *capacity) return 1;
    while (room < count) room *= 2;
    grown = realloc(*memory, room * element);
    if (!grown) return 0;
    *memory = grown;
    *capacity = room;
    return 1;
}

/* Doubles the hash table, or makes the first one. */
static int grow_slots(word_numbers *it, const char *text) {
    size_t count = it->slot_count ? 2 * it->slot_count : 256, number;
    size_t *slots = (size_t *)calloc(count, sizeof *slots);
    if (!slots) return 0;
    free(it->slots);
    it->slots = slots;
    it->slot_count = count;
    for (number = 0; number < it->kinds; number++) {
        size_t slot = (size_t)hash_of(text, &it->words[number]) & (count - 1);
        while (slots[slot]) slot = (slot + 1) & (count - 1);
        slots[slot] = number + 1;
    }
    return 1;
}

int word_numbers_make(word_numbers *it, const char *text, size_t size) {
    size_t at = 0, slot;
    word found;
    it->count = 0;
    it->kinds = 0;
    for (slot = 0; slot < it->slot_count; slot++) it->slots[slot] = 0;
    while (word_next(text, size, &at, &found)) {
        if (2 * it->kinds >= it->slot_count && !grow_slots(it, text)) return 0;
        slot = (size_t)hash_of(text, &found) & (it->slot_count - 1);
        while (it->slots[slot] && !is_same(text, &it->words[it->slots[slot] - 1], &found)) slot = (slot + 1) & (it->slot_count - 1);
        if (!it->slots[slot]) {
            if (!reserve((void **)&it->words, &it->word_capacity, it->kinds + 1, sizeof *it->words)) return 0;
            it->words[it->kinds] = found;
            it->slots[slot] = ++it->kinds;
        }
        if (!reserve((void **)&it->numbers, &it->number_capacity, it->count + 1, sizeof *it->numbers)) return 0;
        it->numbers[it->count++] = (uint32_t)(it->slots[slot] - 1);
    }
    return 1;
}

void word_numbers_free(word_numbers *it) {
    free(it->numbers);
    free(it->words);
    free(it->slots);
}
