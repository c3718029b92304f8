/*
 * automaton.h: finds all entries of a list in one pass over a text, however many they are.
 *   A. Aho, M. Corasick, Efficient string matching: an aid to bibliographic search, CACM 18 (1975).
 */
#ifndef AUTOMATON_H
#define AUTOMATON_H

#include <stddef.h>
#include <stdint.h>

#define AUTOMATON_NONE UINT32_MAX

/* A state: what has been read so far is the beginning of an entry. */
typedef struct state {
    uint32_t child, sibling; /* the first state that follows, and the next one that follows the same state; 0: none */
    uint32_t failure;        /* the longest other beginning of an entry that what was read ends with */
    uint32_t shorter;        /* the next state on the way along failures that ends an entry; 0: none */
    uint32_t entry;          /* which entry ends here, or AUTOMATON_NONE */
    uint32_t length;         /* how many bytes were read */
    unsigned char byte;      /* the last of them */
} state;

typedef struct automaton {
    state *states; /* the first is the beginning */
    uint32_t count, room;
    uint32_t first[256]; /* what follows the beginning */
} automaton;

/* Adds an entry of at least one byte. Returns the entry's number: an earlier one if it is there already. */
uint32_t automaton_add(automaton *it, const char *bytes, size_t size, uint32_t entry, int *has_memory);

/* Links the states, after the last entry was added. Returns 0 without memory. */
int automaton_link(automaton *it);

/* The state after one more byte. */
uint32_t automaton_next(const automaton *it, uint32_t from, unsigned char byte);

void automaton_free(automaton *it);

#endif
