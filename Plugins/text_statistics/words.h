/*
 * words.h: the words and sentences of a text in UTF-8, in any script.
 *
 * A word is a run of letters and digits, with single apostrophes and hyphens between them. An ideograph and a kana are a
 * word each, since Chinese and Japanese put no space between words. A sentence is words up to a full stop, a question or
 * an exclamation mark, or up to the end of the text. Abbreviations end sentences too: there is no list of them.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stddef.h>
#include <stdint.h>

typedef struct word {
    size_t start;    /* in bytes */
    size_t size;     /* in bytes */
    uint64_t letters; /* letters and digits, without apostrophes and hyphens */
} word;

/* Gives the next word at or after the byte *at, and moves *at behind it; 0 if there is none. The text is valid UTF-8. */
int word_next(const char *text, size_t size, size_t *at, word *found);

/* How many sentences there are. */
uint64_t sentence_count_of(const char *text, size_t size);

/* The numbers of a text's words, the same one for words that differ in case only. */
typedef struct word_numbers {
    uint32_t *numbers; /* of each word, from 0 */
    size_t count;
    size_t kinds; /* how many different numbers there are */
    size_t number_capacity;
    word *words;   /* the first word of each number */
    size_t *slots; /* a hash table of numbers plus 1 */
    size_t word_capacity;
    size_t slot_count;
} word_numbers;

/* Numbers the words. The memory is used again for the next text; zero it before the first. 0 if there is no memory. */
int word_numbers_make(word_numbers *it, const char *text, size_t size);

void word_numbers_free(word_numbers *it);

#endif
