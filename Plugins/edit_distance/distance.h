/*
 * distance.h: edit distance of two texts, in Unicode scalars.
 *
 * The number of insertions, deletions and replacements of one scalar that turn one text into the other (Levenshtein).
 */
#ifndef DISTANCE_H
#define DISTANCE_H

#include <stddef.h>
#include <stdint.h>

/* Memory that is used again for every pair of texts. Zero it before the first use. */
typedef struct distance_memory {
    uint32_t *left;
    uint32_t *right;
    int8_t *deltas;
    size_t left_capacity;
    size_t right_capacity;
    size_t deltas_capacity;
} distance_memory;

/* Fills `*scalars` with the scalars of UTF-8, returns how many; SIZE_MAX if there is no memory. */
size_t distance_decode(const char *utf8, size_t size, uint32_t **scalars, size_t *capacity);

/* The distance of two arrays of scalars; SIZE_MAX if there is no memory. */
size_t distance_of(const uint32_t *left, size_t left_count, const uint32_t *right, size_t right_count,
                   distance_memory *memory);

/* Frees what was allocated. */
void distance_free(distance_memory *memory);

#endif
