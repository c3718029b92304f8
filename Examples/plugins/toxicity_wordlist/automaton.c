/* automaton.c: see automaton.h. */
#include "automaton.h"

#include <stdlib.h>
#include <string.h>

/* A fresh state; 0 without memory. */
static uint32_t make(automaton *it, unsigned char byte, uint32_t length) {
    state *fresh;
    if (it->count == it->room) {
        uint32_t room = it->room ? it->room * 2 : 256;
        state *larger = room > it->room ? (state *)realloc(it->states, room * sizeof *larger) : NULL;
        if (!larger) return 0;
        it->states = larger;
        it->room = room;
    }
    fresh = &it->states[it->count];
    memset(fresh, 0, sizeof *fresh);
    fresh->byte = byte;
    fresh->length = length;
    fresh->entry = AUTOMATON_NONE;
    return it->count++;
}

/* The state that follows `from` with this byte, or 0. */
static uint32_t child_of(const automaton *it, uint32_t from, unsigned char byte) {
    uint32_t at;
    if (from == 0) return it->first[byte];
    for (at = it->states[from].child; at != 0 && it->states[at].byte != byte; at = it->states[at].sibling) {}
    return at;
}

uint32_t automaton_add(automaton *it, const char *bytes, size_t size, uint32_t entry, int *has_memory) {
    uint32_t at = 0;
    *has_memory = 1;
    if (it->count == 0 && (make(it, 0, 0), it->count == 0)) {
        *has_memory = 0;
        return entry;
    }
    for (size_t index = 0; index < size; index++) {
        unsigned char byte = (unsigned char)bytes[index];
        uint32_t next = child_of(it, at, byte);
        if (next == 0) {
            next = make(it, byte, (uint32_t)index + 1);
            if (next == 0) {
                *has_memory = 0;
                return entry;
            }
            it->states[next].sibling = it->states[at].child;
            it->states[at].child = next;
            if (at == 0) it->first[byte] = next;
        }
        at = next;
    }
    if (it->states[at].entry == AUTOMATON_NONE) it->states[at].entry = entry;
    return it->states[at].entry;
}

uint32_t automaton_next(const automaton *it, uint32_t from, unsigned char byte) {
    for (;;) {
        uint32_t next = child_of(it, from, byte);
        if (next != 0 || from == 0) return next;
        from = it->states[from].failure;
    }
}

/* By breadth, since a state's failure is shorter than itself. */
int automaton_link(automaton *it) {
    uint32_t *queue, begin = 0, end = 0;
    if (it->count == 0) return 1;
    queue = (uint32_t *)malloc(it->count * sizeof *queue);
    if (!queue) return 0;
    queue[end++] = 0;
    while (begin < end) {
        uint32_t from = queue[begin++];
        for (uint32_t at = it->states[from].child; at != 0; at = it->states[at].sibling) {
            state *one = &it->states[at];
            one->failure = from == 0 ? 0 : automaton_next(it, it->states[from].failure, one->byte);
            one->shorter = one->failure;
            if (it->states[one->failure].entry == AUTOMATON_NONE) one->shorter = it->states[one->failure].shorter;
            queue[end++] = at;
        }
    }
    free(queue);
    return 1;
}

void automaton_free(automaton *it) {
    free(it->states);
    memset(it, 0, sizeof *it);
}
