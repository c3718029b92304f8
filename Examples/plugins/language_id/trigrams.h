/* trigrams.h: which language a text is in, by how often each one, two and three letters follow one another in it. */
#ifndef TRIGRAMS_H
#define TRIGRAMS_H

#include <stddef.h>
#include <stdint.h>

enum { MAX_LANGUAGES = 64 };

/* How often one to three letters, as a key, are in each language's sample. */
typedef struct trigram {
    uint64_t key; /* 0 is free */
    uint32_t counts[MAX_LANGUAGES];
} trigram;

typedef struct profiles {
    uint32_t languages;
    trigram *slots;
    size_t slot_count, used; /* slot_count is a power of two */
    uint64_t totals[MAX_LANGUAGES];
} profiles;

typedef struct guess {
    uint64_t letters; /* an ideograph, a syllable or a kana counts as three */
    uint64_t trigrams;
    uint64_t known;        /* of these, whose middle letter the best language's sample has */
    uint32_t best, second; /* languages */
    double lead;           /* by how much the best is likelier than the second, as a mean logarithm for each trigram */
} guess;

/* Learns from a sample, in valid UTF-8. Returns 0 without memory. */
int profiles_learn(profiles *it, uint32_t language, const char *text, size_t size);

/* Judges a text. Fenced blocks of code in it don't count. There must be two languages. */
guess profiles_judge(const profiles *it, const char *text, size_t size);

void profiles_free(profiles *it);

#endif
