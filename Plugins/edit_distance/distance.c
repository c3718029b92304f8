/*
 * distance.c: edit distance with bit-parallel columns, 64 rows of the matrix at a time.
 *
 * Of the matrix of distances only the differences of neighbours are kept, which are -1, 0 or 1: a column of 64 vertical
 * differences is two words, and one column follows from the one before in a dozen word operations.
 *   G. Myers, A fast bit-vector algorithm for approximate string matching based on dynamic programming, JACM 46 (1999).
 *   H. Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit distances, Nordic J. Computing 10 (2003):
 *   the form used here, for the distance of two whole strings.
 * A pattern of more than 64 scalars is cut into blocks. Each runs over the whole text before the next one begins, and
 * leaves the horizontal differences of its last row, one byte a scalar, for the block below.
 */
#include "distance.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 64, DIRECT = 128, SLOTS = 128 };

/* Where the scalars of one block stand: a bit for each place. Scalars below DIRECT by index, others by hashing. */
typedef struct places {
    uint64_t direct[DIRECT];
    uint64_t bits[SLOTS];
    uint32_t keys[SLOTS]; /* 0 is free: U+0000 is among the direct ones */
} places;

static size_t slot_of(const places *map, uint32_t scalar) {
    size_t slot = (scalar * 2654435761u) >> 25; /* 7 bits: SLOTS; a block fills at most half of them */
    while (map->keys[slot] != 0 && map->keys[slot] != scalar) slot = (slot + 1) % SLOTS;
    return slot;
}

static void fill(places *map, const uint32_t *pattern, size_t count) {
    memset(map, 0, sizeof *map);
    for (size_t index = 0; index < count; index++) {
        uint64_t bit = (uint64_t)1 << index;
        if (pattern[index] < DIRECT) {
            map->direct[pattern[index]] |= bit;
        } else {
            size_t slot = slot_of(map, pattern[index]);
            map->keys[slot] = pattern[index];
            map->bits[slot] |= bit;
        }
    }
}

/* Runs one block of the pattern over the text. deltas: the row above the block; afterwards, the block's last row. */
static void run_block(const uint32_t *pattern, size_t count, const uint32_t *text, size_t text_count, int8_t *deltas) {
    places map;
    uint64_t plus = ~(uint64_t)0, minus = 0; /* vertical differences: where +1, where -1 */
    unsigned last = (unsigned)count - 1;

    fill(&map, pattern, count);
    for (size_t column = 0; column < text_count; column++) {
        uint32_t scalar = text[column];
        uint64_t equal = scalar < DIRECT ? map.direct[scalar] : map.bits[slot_of(&map, scalar)];
        uint64_t above_plus = deltas[column] > 0, above_minus = deltas[column] < 0;
        uint64_t vertical = equal | minus;
        uint64_t diagonal, right_plus, right_minus;

        equal |= above_minus;
        diagonal = (((equal & plus) + plus) ^ plus) | equal;
        right_plus = minus | ~(diagonal | plus);
        right_minus = plus & diagonal;
        deltas[column] = (int8_t)((int)((right_plus >> last) & 1) - (int)((right_minus >> last) & 1));
        right_plus = (right_plus << 1) | above_plus;
        right_minus = (right_minus << 1) | above_minus;
        plus = right_minus | ~(vertical | right_plus);
        minus = right_plus & vertical;
    }
}

static int grow(void **memory, size_t *capacity, size_t count, size_t element_size) {
    size_t wanted = count + count / 2 + 64;
    void *larger;
    if (count <= *capacity) return 1;
    if (wanted > SIZE_MAX / element_size) return 0;
    larger = realloc(*memory, wanted * element_size);
    if (!larger) return 0;
    *memory = larger;
    *capacity = wanted;
    return 1;
}

size_t distance_decode(const char *utf8, size_t size, uint32_t **scalars, size_t *capacity) {
    const unsigned char *bytes = (const unsigned char *)utf8;
    void *memory = *scalars;
    size_t count = 0, at = 0;
    uint32_t *out;

    if (!grow(&memory, capacity, size, sizeof(uint32_t))) return SIZE_MAX;
    out = *scalars = (uint32_t *)memory;
    while (at < size) {
        uint32_t lead = bytes[at];
        size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        uint32_t scalar = length == 1 ? lead : lead & (0x7fu >> length);
        for (size_t next = 1; next < length && at + next < size; next++) scalar = scalar << 6 | (bytes[at + next] & 0x3fu);
        out[count++] = scalar;
        at += length;
    }
    return count;
}

size_t distance_of(const uint32_t *left, size_t left_count, const uint32_t *right, size_t right_count,
                   distance_memory *memory) {
    const uint32_t *pattern = left, *text = right;
    size_t count = left_count, text_count = right_count, distance;
    void *deltas = memory->deltas;

    while (count > 0 && text_count > 0 && *pattern == *text) pattern++, text++, count--, text_count--;
    while (count > 0 && text_count > 0 && pattern[count - 1] == text[text_count - 1]) count--, text_count--;
    if (count > text_count) { /* the shorter one is cut into blocks */
        const uint32_t *other = pattern;
        size_t other_count = count;
        pattern = text, count = text_count;
        text = other, text_count = other_count;
    }
    if (count == 0) return text_count;

    if (!grow(&deltas, &memory->deltas_capacity, text_count, 1)) return SIZE_MAX;
    memory->deltas = (int8_t *)deltas;
    memset(memory->deltas, 1, text_count); /* the first row is 0, 1, 2, … */
    for (size_t start = 0; start < count; start += BLOCK) {
        size_t rows = count - start < BLOCK ? count - start : BLOCK;
        run_block(pattern + start, rows, text, text_count, memory->deltas);
    }
    distance = count; /* the last row begins with the pattern's length */
    for (size_t column = 0; column < text_count; column++) distance += (size_t)(ptrdiff_t)memory->deltas[column];
    return distance;
}

void distance_free(distance_memory *memory) {
    free(memory->left);
    free(memory->right);
    free(memory->deltas);
    memset(memory, 0, sizeof *memory);
}
