/* wordlist.h: lists of words with categories and weights, and what of them stands in a text. */
#ifndef WORDLIST_H
#define WORDLIST_H

#include "automaton.h"

enum { MAX_CATEGORIES = 32, CATEGORY_ROOM = 32 };

typedef struct entry {
    uint32_t category, size; /* size in bytes */
    double weight;
    char *folded; /* as it stands in a folded text */
} entry;

/* A place in a folded text where an entry stands. */
typedef struct hit {
    size_t start, end;
    uint32_t entry;
} hit;

typedef struct wordlist {
    char categories[MAX_CATEGORIES][CATEGORY_ROOM];
    uint32_t category_count;
    entry *entries;
    uint32_t entry_count, entry_room;
    automaton automaton;
    hit *hits; /* of the last text, in order, none over another */
    size_t hit_count, hit_room;
} wordlist;

/* Adds a file's entries. Returns null, or what is wrong, in `problem`, with the line's number. */
const char *wordlist_read(wordlist *it, const char *name, const char *bytes, size_t size, char problem[256]);

/* Finds the entries in a folded text: of two that overlap the one that begins first, then the longer. 0: no memory. */
int wordlist_find(wordlist *it, const char *folded, size_t size, int whole_words);

void wordlist_free(wordlist *it);

#endif
