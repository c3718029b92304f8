/* wordlist.c: see wordlist.h. */
#include "wordlist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "folding.h"

/* The word that begins at `at`, up to white space; its size. */
static size_t token(const char *at, const char *end) {
    size_t size = 0;
    while (at + size < end && at[size] != ' ' && at[size] != '\t') size++;
    return size;
}

static const char *after_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    return at;
}

/* The category of this name, added if need be; MAX_CATEGORIES where the name or their number won't do. */
static uint32_t category_of(wordlist *it, const char *name, size_t size) {
    if (size == 0 || size >= CATEGORY_ROOM) return MAX_CATEGORIES;
    for (size_t index = 0; index < size; index++) {
        char c = name[index];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return MAX_CATEGORIES;
    }
    for (uint32_t index = 0; index < it->category_count; index++)
        if (strlen(it->categories[index]) == size && memcmp(it->categories[index], name, size) == 0) return index;
    if (it->category_count == MAX_CATEGORIES) return MAX_CATEGORIES;
    memcpy(it->categories[it->category_count], name, size);
    it->categories[it->category_count][size] = 0;
    return it->category_count++;
}

/* A weight such as 1, 0.5 or 12.25. Returns 0 for anything else, and for more than 1000. */
static double weight_of(const char *digits, size_t size) {
    double value = 0, unit = 0;
    for (size_t index = 0; index < size; index++) {
        if (digits[index] == '.' && unit == 0 && index > 0 && index + 1 < size) {
            unit = 1;
            continue;
        }
        if (digits[index] < '0' || digits[index] > '9' || size > 8) return 0;
        value = value * 10 + (digits[index] - '0');
        unit *= 10;
    }
    if (unit > 0) value /= unit;
    return value <= 1000 ? value : 0;
}

static const char *add(wordlist *it, uint32_t category, double weight, const char *phrase, size_t size) {
    entry *one;
    int has_memory;
    uint32_t number;
    if (it->entry_count == it->entry_room) {
        uint32_t room = it->entry_room ? it->entry_room * 2 : 64;
        entry *larger = (entry *)realloc(it->entries, room * sizeof *larger);
        if (!larger) return "out of memory";
        it->entries = larger;
        it->entry_room = room;
    }
    one = &it->entries[it->entry_count];
    one->folded = (char *)malloc(size + 1);
    if (!one->folded) return "out of memory";
    it->entry_count++;
    one->category = category;
    one->weight = weight;
    one->size = (uint32_t)fold(phrase, size, one->folded);
    if (one->size == 0) return "the entry has no visible character";
    number = automaton_add(&it->automaton, one->folded, one->size, it->entry_count - 1, &has_memory);
    if (!has_memory) return "out of memory";
    /* A later list may weigh an entry anew: the last word counts. */
    it->entries[number].category = category;
    it->entries[number].weight = weight;
    return NULL;
}

static const char *read_line(wordlist *it, const char *line, const char *end) {
    const char *at = after_space(line, end), *name = at;
    size_t name_size, weight_size;
    uint32_t category;
    double weight;
    if (at == end || *at == '#') return NULL;
    if (!is_utf8(at, (size_t)(end - at))) return "it isn't UTF-8";
    name_size = token(at, end);
    at = after_space(at + name_size, end);
    weight_size = token(at, end);
    weight = weight_of(at, weight_size);
    at = after_space(at + weight_size, end);
    if (at == end) return "a line has a category, a weight, and a word or phrase";
    if (end - at > 256) return "the phrase is longer than 256 bytes";
    if (weight <= 0) return "the weight must be a number above 0, at most 1000, such as 1 or 0.5";
    category = category_of(it, name, name_size);
    if (category == MAX_CATEGORIES)
        return "a category is 1 to 31 of a-z, 0-9 and _, and there may be 32 of them";
    return add(it, category, weight, at, (size_t)(end - at));
}

const char *wordlist_read(wordlist *it, const char *name, const char *bytes, size_t size, char problem[256]) {
    const char *line = bytes, *end = bytes + size;
    for (unsigned number = 1; line < end; number++) {
        const char *newline = (const char *)memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;
        const char *wrong = read_line(it, line, stop > line && stop[-1] == '\r' ? stop - 1 : stop);
        if (wrong) {
            snprintf(problem, 256, "assets/%.64s, line %u: %s", name, number, wrong);
            return problem;
        }
        line = newline ? newline + 1 : end;
    }
    return NULL;
}

/* Keeps a hit, unless one that begins earlier lies over it. Hits come in the order of their ends. */
static int keep(wordlist *it, size_t start, size_t end, uint32_t number) {
    size_t count = it->hit_count;
    while (count > 0 && it->hits[count - 1].start >= start) count--;
    if (count > 0 && it->hits[count - 1].end > start) return 1;
    if (count == it->hit_room) {
        size_t room = it->hit_room ? it->hit_room * 2 : 64;
        hit *larger = (hit *)realloc(it->hits, room * sizeof *larger);
        if (!larger) return 0;
        it->hits = larger;
        it->hit_room = room;
    }
    it->hits[count].start = start;
    it->hits[count].end = end;
    it->hits[count].entry = number;
    it->hit_count = count + 1;
    return 1;
}

int wordlist_find(wordlist *it, const char *folded, size_t size, int whole_words) {
    const automaton *of = &it->automaton;
    uint32_t at = 0;
    it->hit_count = 0;
    for (size_t end = 1; end <= size && of->count > 0; end++) {
        uint32_t found;
        at = automaton_next(of, at, (unsigned char)folded[end - 1]);
        found = of->states[at].entry != AUTOMATON_NONE ? at : of->states[at].shorter;
        if (found == 0 || (whole_words && !is_boundary(folded, size, end))) continue;
        for (; found != 0; found = of->states[found].shorter) { /* the longest one that fits */
            size_t start = end - of->states[found].length;
            if (whole_words && !is_boundary(folded, size, start)) continue;
            if (!keep(it, start, end, of->states[found].entry)) return 0;
            break;
        }
    }
    return 1;
}

void wordlist_free(wordlist *it) {
    for (uint32_t index = 0; index < it->entry_count; index++) free(it->entries[index].folded);
    free(it->entries);
    free(it->hits);
    automaton_free(&it->automaton);
    memset(it, 0, sizeof *it);
}
