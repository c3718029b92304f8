/* Loops over the bytes of a text, sixteen a step. In Swift, comparisons of SIMD16<UInt8> become one branch a lane.
 *
 * Texts are only read, and nothing is kept, so that all functions are safe on any thread. A pointer may be NULL if
 * its size is 0. */
#ifndef CEVAL_TEXT_H
#define CEVAL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether every byte is below 128. */
bool ceval_text_is_ascii(const uint8_t *text, size_t size);

/* The number of scalars in valid UTF-8. */
size_t ceval_text_scalars(const uint8_t *text, size_t size);

/* The number of words in ASCII that white space (0x09 to 0x0D, 0x1C to 0x20) separates. */
size_t ceval_text_ascii_words(const uint8_t *text, size_t size);

/* Whether needle occurs in text; an empty one does. */
bool ceval_text_contains(const uint8_t *text, size_t size, const uint8_t *needle, size_t needle_size);

/* The same for ASCII whatever its case; the needle is in lower case. */
bool ceval_text_contains_folded(const uint8_t *text, size_t size, const uint8_t *needle, size_t needle_size);

/* Whether two ASCII texts of one size are the same but for case. */
bool ceval_text_equal_folded(const uint8_t *a, const uint8_t *b, size_t size);

/* The first place at or after start of a decimal digit, '@', '+' or a byte of at least least_high; else size. */
size_t ceval_text_next_mark(const uint8_t *text, size_t size, size_t start, uint8_t least_high);

enum { CEVAL_TEXT_ORDERS = 6 };

/* Characters are the scalars of a text but for white space (what Python's str.isspace says). */
typedef struct ceval_text_ngrams {
    size_t a_count, b_count;          /* how many characters each text has */
    size_t shared[CEVAL_TEXT_ORDERS]; /* by n - 1: n-grams in both texts, each as often as in both */
} ceval_text_ngrams;

/* Counts the n-grams of characters that two texts of valid UTF-8 share, for n from 1 to 6.
 *
 * Time and memory are linear. False if there is no memory, or for a text of over 1 GiB. */
bool ceval_text_shared_ngrams(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                              ceval_text_ngrams *result);

#ifdef __cplusplus
}
#endif
#endif
