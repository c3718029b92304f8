/* Character n-grams that two texts share, without a hash of any: all suffixes are sorted by their first six characters,
 * and one pass over their order counts every length at once. Time is linear in the texts. */
#include "ceval_text.h"

#include <stdlib.h>
#include <string.h>

enum { ORDERS = CEVAL_TEXT_ORDERS };

/* One lane an order, the last two unused: counts of n-grams for n from 1 to 6. */
typedef int32_t lanes __attribute__((vector_size(32)));

/* Lane by lane; by pointers, since a caller may have been compiled for shorter vectors. */
static inline void add_least(lanes *sum, const lanes *a, const lanes *b, const lanes *where) {
    lanes smaller = *a < *b;
    *sum += ((*a & smaller) | (*b & ~smaller)) & *where;
}

/* The counts of the n-grams that the suffixes seen last begin with, and what both texts had of those before. */
typedef struct tally {
    lanes first, second, shared;
    lanes ones[ORDERS + 1]; /* 1 for the orders up to an index */
    lanes kept[ORDERS + 1]; /* all bits for the orders up to an index */
} tally;

static void tally_begin(tally *it) {
    memset(it, 0, sizeof *it);
    for (int length = 0; length <= ORDERS; length++) {
        for (int order = 1; order <= length; order++) {
            it->ones[length][order - 1] = 1;
            it->kept[length][order - 1] = -1;
        }
    }
}

/* Adds a suffix of `length` characters, the first `common` of which are those of the suffix before. */
static inline void tally_add(tally *it, int common, int length, bool is_second) {
    lanes kept = it->kept[common];
    lanes ending = ~kept;
    add_least(&it->shared, &it->first, &it->second, &ending);
    lanes which = (lanes){0} - (int32_t)is_second;
    it->first = (it->first & kept) + (it->ones[length] & ~which);
    it->second = (it->second & kept) + (it->ones[length] & which);
}

static void tally_end(tally *it, size_t shared[ORDERS]) {
    lanes all = (lanes){0} - 1;
    add_least(&it->shared, &it->first, &it->second, &all);
    for (int order = 0; order < ORDERS; order++) shared[order] = (size_t)it->shared[order];
}

static inline int length_at(size_t place, size_t count) {
    return count - place < ORDERS ? (int)(count - place) : ORDERS;
}

/* ---- Few characters: a suffix is one number, which the sort carries along. ---- */

/* A suffix's number: six characters, the first one highest, then its length less 1, then whether it is of b. */
static void pack(const uint32_t *text, size_t count, int bits, uint64_t side, uint64_t *numbers) {
    uint64_t characters = 0; /* Behind the end are zeros, which are no character. */
    for (size_t place = count; place-- > 0;) {
        characters = characters >> bits | (uint64_t)text[place] << (bits * (ORDERS - 1));
        numbers[place] = characters << 4 | (uint64_t)(length_at(place, count) - 1) << 1 | side;
    }
}

/* Sorts by the characters, digit by digit from the lowest; gives the array of the two that holds the result. */
static uint64_t *sort_numbers(uint64_t *numbers, uint64_t *other, size_t count, int passes, int width, uint32_t *starts) {
    size_t size = (size_t)1 << width;
    memset(starts, 0, size * (size_t)passes * sizeof *starts);
    for (size_t place = 0; place < count; place++) {
        uint64_t digits = numbers[place] >> 4;
        for (int pass = 0; pass < passes; pass++, digits >>= width) starts[(size_t)pass * size + (digits & (size - 1))]++;
    }
    for (int pass = 0; pass < passes; pass++) {
        uint32_t *start = starts + (size_t)pass * size;
        uint32_t sum = 0;
        for (size_t digit = 0; digit < size; digit++) {
            uint32_t own = start[digit];
            start[digit] = sum;
            sum += own;
        }
        int shift = 4 + pass * width;
        for (size_t place = 0; place < count; place++) {
            uint64_t number = numbers[place];
            other[start[number >> shift & (size - 1)]++] = number;
        }
        uint64_t *swapped = numbers;
        numbers = other;
        other = swapped;
    }
    return numbers;
}

static bool count_few(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, int bits, tally *it) {
    size_t count = a_count + b_count;
    /* Short digits for short texts: clearing the counts of long ones would cost more than another pass. */
    int longest = count < 16384 ? 9 : 12;
    int passes = (bits * ORDERS + longest - 1) / longest;
    int width = (bits * ORDERS + passes - 1) / passes;
    uint64_t *memory = malloc(2 * count * sizeof *memory + ((size_t)passes << width) * sizeof(uint32_t));
    if (memory == NULL) return false;
    pack(a, a_count, bits, 0, memory);
    pack(b, b_count, bits, 1, memory + a_count);
    uint32_t *starts = (uint32_t *)(memory + 2 * count);
    uint64_t *sorted = sort_numbers(memory, memory + count, count, passes, width, starts);

    /* How many characters two suffixes share, by the leading zeros of their difference. */
    uint8_t common[64];
    int unused = 64 - bits * ORDERS;
    for (int zeros = 0; zeros < 64; zeros++) common[zeros] = zeros < unused ? 0 : (uint8_t)((zeros - unused) / bits);
    uint64_t before = 0;
    for (size_t place = 0; place < count; place++) {
        uint64_t characters = sorted[place] >> 4;
        uint64_t change = characters ^ before;
        int same = change == 0 ? ORDERS : common[__builtin_clzll(change)];
        tally_add(it, place == 0 ? 0 : same, (int)(sorted[place] >> 1 & 7) + 1, sorted[place] & 1);
        before = characters;
    }
    free(memory);
    return true;
}

/* ---- Many characters: places are sorted, by the sixth character first and by the first one last. ---- */

static bool count_many(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, uint32_t kinds, tally *it) {
    /* Both texts in one array, each with zeros behind it; a place in it is a suffix. */
    size_t total = a_count + b_count + 2 * ORDERS;
    size_t second = a_count + ORDERS;
    size_t count = a_count + b_count;
    uint32_t *text = calloc(total + 2 * count + kinds + 1, sizeof *text);
    if (text == NULL) return false;
    uint32_t *places = text + total, *other = places + count, *starts = other + count;
    memcpy(text, a, a_count * sizeof *text);
    memcpy(text + second, b, b_count * sizeof *text);
    for (size_t index = 0; index < count; index++)
        places[index] = (uint32_t)(index < a_count ? index : index - a_count + second);
    for (int offset = ORDERS - 1; offset >= 0; offset--) {
        memset(starts, 0, (kinds + 1) * sizeof *starts);
        for (size_t index = 0; index < count; index++) starts[text[places[index] + (size_t)offset]]++;
        uint32_t sum = 0;
        for (uint32_t kind = 0; kind <= kinds; kind++) {
            uint32_t own = starts[kind];
            starts[kind] = sum;
            sum += own;
        }
        for (size_t index = 0; index < count; index++)
            other[starts[text[places[index] + (size_t)offset]]++] = places[index];
        uint32_t *swapped = places;
        places = other;
        other = swapped;
    }
    for (size_t index = 0; index < count; index++) {
        size_t place = places[index];
        bool is_second = place >= second;
        int length = is_second ? length_at(place - second, b_count) : length_at(place, a_count);
        int same = 0;
        if (index > 0)
            while (same < ORDERS && text[place + (size_t)same] == text[places[index - 1] + (size_t)same]) same++;
        tally_add(it, same, length, is_second);
    }
    free(text);
    return true;
}

/* ---- Characters as small numbers ---- */

enum { PAGE = 256, PAGES = 0x110000 / PAGE };

/* The numbers of the characters, from 1, in the order in which they first came. */
typedef struct alphabet {
    uint32_t kinds;
    uint32_t page_count;
    uint32_t (*pages)[PAGE]; /* of the scalars that share all but their last eight bits */
    uint16_t page[PAGES];    /* 1 plus the index in `pages`; 0 for none */
} alphabet;

static bool number(alphabet *it, const uint32_t *scalars, size_t count, uint32_t *numbers) {
    for (size_t place = 0; place < count; place++) {
        uint32_t scalar = scalars[place] < 0x110000 ? scalars[place] : 0xFFFD;
        uint16_t *page = &it->page[scalar / PAGE];
        if (*page == 0) {
            if ((it->page_count & (it->page_count - 1)) == 0) {
                size_t room = it->page_count == 0 ? 1 : 2 * (size_t)it->page_count;
                void *grown = realloc(it->pages, room * sizeof *it->pages);
                if (grown == NULL) return false;
                it->pages = grown;
            }
            memset(it->pages[it->page_count], 0, sizeof *it->pages);
            *page = (uint16_t)++it->page_count;
        }
        uint32_t *kind = &it->pages[*page - 1][scalar % PAGE];
        if (*kind == 0) *kind = ++it->kinds;
        numbers[place] = *kind;
    }
    return true;
}

bool ceval_text_shared_ngrams(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count, size_t shared[ORDERS]) {
    size_t count = a_count + b_count;
    if (count > INT32_MAX / 2) return false;
    memset(shared, 0, ORDERS * sizeof *shared);
    if (a_count == 0 || b_count == 0) return true;
    uint32_t *numbers = malloc(count * sizeof *numbers);
    if (numbers == NULL) return false;
    alphabet known;
    memset(&known, 0, sizeof known);
    bool done = number(&known, a, a_count, numbers) && number(&known, b, b_count, numbers + a_count);
    free(known.pages);
    if (done) {
        tally counts;
        tally_begin(&counts);
        int bits = 32 - __builtin_clz(known.kinds);
        done = bits <= 10 ? count_few(numbers, a_count, numbers + a_count, b_count, bits, &counts)
                          : count_many(numbers, a_count, numbers + a_count, b_count, known.kinds, &counts);
        tally_end(&counts, shared);
    }
    free(numbers);
    return done;
}

/* ---- Scalars ---- */

static bool is_wide_space(uint32_t scalar) {
    switch (scalar) {
    case 0x85: case 0xA0: case 0x1680: case 0x2028: case 0x2029: case 0x202F: case 0x205F: case 0x3000: return true;
    default: return scalar >= 0x2000 && scalar <= 0x200A;
    }
}

size_t ceval_text_visible_scalars(const uint8_t *text, size_t size, uint32_t *scalars) {
    size_t count = 0;
    size_t at = 0;
    while (at < size) {
        uint8_t lead = text[at];
        if (lead < 0x80) {
            scalars[count] = lead;
            count += (uint8_t)(lead - 0x09) >= 5 && (uint8_t)(lead - 0x1C) >= 5;
            at++;
            continue;
        }
        int length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (at + (size_t)length > size) break;
        uint32_t scalar = lead & (0x7Fu >> length);
        for (int offset = 1; offset < length; offset++) scalar = scalar << 6 | (text[at + (size_t)offset] & 0x3F);
        if (!is_wide_space(scalar)) scalars[count++] = scalar;
        at += (size_t)length;
    }
    return count;
}
