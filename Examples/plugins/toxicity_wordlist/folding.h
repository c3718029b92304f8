/* folding.h: a text as the word list sees it, and where its words begin and end. */
#ifndef FOLDING_H
#define FOLDING_H

#include <stddef.h>
#include <stdint.h>

enum { OTHER, LETTER, ALONE }; /* no part of a word; a part of a word; a word by itself */

typedef struct letter_range {
    uint32_t first, last;
    int kind;
} letter_range;

extern const letter_range letter_ranges[]; /* beyond ASCII, in order */
extern const size_t letter_range_count;

/*
 * Writes the text in lower case (ASCII and Latin-1 only), each run of white space as one space, without soft hyphens and
 * characters of no width. `to` has room for `size` bytes. Returns how many were written. The text is valid UTF-8.
 */
size_t fold(const char *text, size_t size, char *to);

/* Whether a word may begin or end between the bytes before `at` and those from it. */
int is_boundary(const char *folded, size_t size, size_t at);

/* How many words there are: runs of letters and digits, with apostrophes and hyphens in them; each ideograph is one. */
size_t count_words(const char *folded, size_t size);

/* Whether it is UTF-8 as Unicode defines it. */
int is_utf8(const char *text, size_t size);

#endif
