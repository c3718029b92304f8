/* Character n-grams that two texts share, without a hash of any: all suffixes are sorted by their first six characters,
 * and one pass over their order counts every length at once. Time is linear in the texts. */
#include "ceval_text.h"

#include <stdlib.h>
#include <string.h>

enum { ORDERS = CEVAL_TEXT_ORDERS, PADDING = 8 };

/* ---- Characters as small numbers ---- */

enum { PAGE = 256, PAGES = 0x110000 / PAGE };

/* The numbers of the characters, from 1, in the order in which they first came. */
typedef struct alphabet {
    uint32_t kinds;
    uint32_t page_count;
    uint32_t (*pages)[PAGE]; /* of the scalars that share all but their last eight bits */
    uint16_t page[PAGES];    /* 1 plus the index in `pages`; 0 for none */
    uint32_t ascii[128];
} alphabet;

static const uint32_t SPACE = UINT32_MAX;

static void begin(alphabet *it) {
    memset(it, 0, sizeof *it);
    for (int byte = 0x09; byte <= 0x0D; byte++) it->ascii[byte] = SPACE;
    for (int byte = 0x1C; byte <= 0x20; byte++) it->ascii[byte] = SPACE;
}

static bool is_wide_space(uint32_t scalar) {
    switch (scalar) {
    case 0x85: case 0xA0: case 0x1680: case 0x2028: case 0x2029: case 0x202F: case 0x205F: case 0x3000: return true;
    default: return scalar >= 0x2000 && scalar <= 0x200A;
    }
}

/* The place of a scalar's number beyond ASCII; NULL if there is no memory. */
static uint32_t *wide(alphabet *it, uint32_t scalar) {
    if (scalar >= 0x110000) scalar = 0xFFFD;
    uint16_t *page = &it->page[scalar / PAGE];
    if (*page == 0) {
        if ((it->page_count & (it->page_count - 1)) == 0) {
            size_t room = it->page_count == 0 ? 1 : 2 * (size_t)it->page_count;
            void *grown = realloc(it->pages, room * sizeof *it->pages);
            if (grown == NULL) return NULL;
            it->pages = grown;
        }
        memset(it->pages[it->page_count], 0, sizeof *it->pages);
        *page = (uint16_t)++it->page_count;
    }
    uint32_t *kind = &it->pages[*page - 1][scalar % PAGE];
    if (*kind == 0 && is_wide_space(scalar)) *kind = SPACE;
    return kind;
}

/* Writes the numbers of a text's characters but for white space; how many they are, or SIZE_MAX without memory. */
static size_t number(alphabet *it, const uint8_t *text, size_t size, uint32_t *numbers) {
    size_t count = 0;
    size_t at = 0;
    while (at < size) {
        uint8_t lead = text[at];
        uint32_t *kind;
        if (lead < 0x80) {
            kind = &it->ascii[lead];
            at++;
        } else {
            size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (at + length > size) break;
            uint32_t scalar = lead & (0x7Fu >> length);
            for (size_t offset = 1; offset < length; offset++) scalar = scalar << 6 | (text[at + offset] & 0x3F);
            kind = wide(it, scalar);
            if (kind == NULL) return SIZE_MAX;
            at += length;
        }
        if (*kind == 0) *kind = ++it->kinds;
        numbers[count] = *kind;
        count += *kind != SPACE;
    }
    return count;
}

static inline int length_at(size_t place, size_t count) {
    return count - place < ORDERS ? (int)(count - place) : ORDERS;
}

/* ---- Short texts of few characters: as most answers are ---- */

/* A lane an order, the last two unused. */
typedef int16_t lanes __attribute__((vector_size(16)));

enum { SHORT_BITS = 6, SHORT_KINDS = 63, SHORT_COUNT = 1 << 14, DIGIT = 1 << 9 };

typedef struct short_texts {
    uint8_t *characters;     /* of a, then of b, zeros behind each */
    uint32_t *suffixes[2];
} short_texts;

static inline uint64_t characters_at(const short_texts *it, size_t place) {
    uint64_t characters;
    memcpy(&characters, it->characters + place, sizeof characters);
    return characters;
}

/* Puts suffixes into the order of a digit of nine bits; `counts` says how often each is there.
 *
 * From both ends at once: neighbours often have one digit, and a place that was just counted up is slow to read. */
static void scatter(const uint32_t *from, uint32_t *to, size_t count, int shift, const uint32_t *counts) {
    uint32_t starts[DIGIT], ends[DIGIT];
    uint32_t sum = 0;
    for (int digit = 0; digit < DIGIT; digit++) {
        starts[digit] = sum;
        sum += counts[digit];
        ends[digit] = sum;
    }
    size_t front = 0, back = count;
    while (front + 1 < back) {
        uint32_t first = from[front++], last = from[--back];
        to[starts[first >> shift & (DIGIT - 1)]++] = first;
        to[--ends[last >> shift & (DIGIT - 1)]] = last;
    }
    if (front < back) to[starts[from[front] >> shift & (DIGIT - 1)]] = from[front];
}

/* Suffixes in the order of their first three characters: three numbers of six bits, then the place in 14 bits. */
static uint32_t *sort_by_three(const short_texts *it, size_t a_count, size_t b_count) {
    uint32_t low[DIGIT] = {0}, high[DIGIT] = {0};
    size_t second = a_count + PADDING, count = 0;
    for (int side = 0; side < 2; side++) {
        size_t start = side == 0 ? 0 : second, end = start + (side == 0 ? a_count : b_count);
        uint32_t window = (uint32_t)it->characters[start] << SHORT_BITS | it->characters[start + 1];
        for (size_t place = start; place < end; place++) {
            window = (window << SHORT_BITS | it->characters[place + 2]) & ((1 << 3 * SHORT_BITS) - 1);
            low[window % DIGIT]++;
            high[window / DIGIT]++;
            it->suffixes[0][count++] = window << 14 | (uint32_t)place;
        }
    }
    scatter(it->suffixes[0], it->suffixes[1], count, 14, low);
    scatter(it->suffixes[1], it->suffixes[0], count, 23, high);
    return it->suffixes[0];
}

/* The six characters of a suffix as a number. */
static inline uint64_t six_of(const short_texts *it, uint32_t suffix) {
    return __builtin_bswap64(characters_at(it, suffix & (SHORT_COUNT - 1))) >> 16;
}

/* Finishes the order of suffixes that are in that of their first three; false if that takes too many moves. */
static bool sort_by_six(const short_texts *it, uint32_t *suffixes, size_t count) {
    size_t left = 8 * count;
    uint64_t last = six_of(it, suffixes[0]);
    for (size_t index = 1; index < count; index++) {
        uint32_t suffix = suffixes[index];
        uint64_t own = six_of(it, suffix);
        if (own >= last) {
            last = own;
            continue;
        }
        size_t place = index;
        do {
            suffixes[place] = suffixes[place - 1];
            place--;
        } while (place > 0 && six_of(it, suffixes[place - 1]) > own);
        suffixes[place] = suffix;
        if (index - place > left) return false;
        left -= index - place;
    }
    return true;
}

/* The memory is for twice as many numbers as there are, and as many characters with their padding. */
static bool count_short(const uint32_t *numbers, size_t a_count, size_t b_count, uint32_t *memory, size_t shared[ORDERS]) {
    size_t second = a_count + PADDING, count = a_count + b_count;
    short_texts texts = {(uint8_t *)(memory + 2 * count), {memory, memory + count}}, *it = &texts;
    for (size_t place = 0; place < a_count; place++) it->characters[place] = (uint8_t)numbers[place];
    memset(it->characters + a_count, 0, PADDING);
    for (size_t place = 0; place < b_count; place++) it->characters[second + place] = (uint8_t)numbers[a_count + place];
    memset(it->characters + second + b_count, 0, 2 * PADDING);
    uint32_t *suffixes = sort_by_three(it, a_count, b_count);
    if (!sort_by_six(it, suffixes, count)) return false;

    lanes ones[ORDERS + 1], kept[ORDERS + 1]; /* 1, or all bits, for the orders up to an index */
    memset(ones, 0, sizeof ones);
    memset(kept, 0, sizeof kept);
    for (int length = 1; length <= ORDERS; length++)
        for (int order = 0; order < length; order++) ones[length][order] = 1, kept[length][order] = -1;

    /* How many of the n-grams that the last suffix begins with each text has had. */
    lanes first = {0}, both = {0}, total = {0};
    uint64_t before = 0;
    for (size_t index = 0; index < count; index++) {
        size_t place = suffixes[index] & (SHORT_COUNT - 1);
        bool is_second = place >= second;
        uint64_t characters = characters_at(it, place) & 0xFFFFFFFFFFFF;
        int same = __builtin_ctzll((characters ^ before) | (uint64_t)1 << (8 * ORDERS)) / 8;
        before = characters;
        lanes going = kept[same], seconds = both - first;
        lanes smaller = first < seconds;
        total += ((first & smaller) | (seconds & ~smaller)) & ~going;
        size_t length = (is_second ? second + b_count : a_count) - place;
        lanes one = ones[__builtin_expect(length < ORDERS, 0) ? length : ORDERS];
        both = (both & going) + one;
        first = (first & going) + (one & (lanes){0} - (int16_t)!is_second);
    }
    lanes seconds = both - first;
    for (int order = 0; order < ORDERS; order++)
        shared[order] = (size_t)(total[order] + (first[order] < seconds[order] ? first[order] : seconds[order]));
    return true;
}

/* ---- Any texts: a suffix is one long number, which the sort carries along ---- */

typedef unsigned __int128 suffix;

/* Six characters, the first one highest, then the length less 1, then whether it is of b. */
static void pack(const uint32_t *text, size_t count, int bits, unsigned side, suffix *suffixes) {
    suffix characters = 0; /* Behind the end are zeros, which are no character. */
    for (size_t place = count; place-- > 0;) {
        characters = characters >> bits | (suffix)text[place] << (bits * (ORDERS - 1));
        suffixes[place] = characters << 4 | (unsigned)(length_at(place, count) - 1) << 1 | side;
    }
}

/* Sorts by the characters, digit by digit from the lowest; gives the array of the two that holds the result. */
static suffix *sort_any(suffix *suffixes, suffix *other, size_t count, int passes, int width, uint32_t *starts) {
    size_t size = (size_t)1 << width;
    for (int pass = 0; pass < passes; pass++) {
        int shift = 4 + pass * width;
        memset(starts, 0, size * sizeof *starts);
        for (size_t index = 0; index < count; index++) starts[(size_t)(suffixes[index] >> shift) & (size - 1)]++;
        uint32_t sum = 0;
        for (size_t digit = 0; digit < size; digit++) {
            uint32_t own = starts[digit];
            starts[digit] = sum;
            sum += own;
        }
        for (size_t index = 0; index < count; index++)
            other[starts[(size_t)(suffixes[index] >> shift) & (size - 1)]++] = suffixes[index];
        suffix *swapped = suffixes;
        suffixes = other;
        other = swapped;
    }
    return suffixes;
}

static bool count_any(const uint32_t *numbers, size_t a_count, size_t b_count, uint32_t kinds, size_t shared[ORDERS]) {
    size_t count = a_count + b_count;
    int bits = 32 - __builtin_clz(kinds);
    /* Short digits for short texts: clearing the counts of long ones would cost more than another pass. */
    int longest = count < 16384 ? 9 : 12;
    int passes = (bits * ORDERS + longest - 1) / longest;
    int width = (bits * ORDERS + passes - 1) / passes;
    suffix *memory = malloc(2 * count * sizeof *memory + (sizeof(uint32_t) << width));
    if (memory == NULL) return false;
    pack(numbers, a_count, bits, 0, memory);
    pack(numbers + a_count, b_count, bits, 1, memory + a_count);
    suffix *sorted = sort_any(memory, memory + count, count, passes, width, (uint32_t *)(memory + 2 * count));

    /* Of the n-grams that the last suffix begins with: how many each text has had. */
    size_t had[ORDERS][2] = {{0}};
    memset(shared, 0, ORDERS * sizeof *shared);
    for (size_t index = 0; index <= count; index++) {
        int same = 0;
        if (index > 0 && index < count) {
            suffix change = (sorted[index] ^ sorted[index - 1]) >> 4;
            while (same < ORDERS && change >> (bits * (ORDERS - 1 - same)) == 0) same++;
        }
        for (int order = same; order < ORDERS; order++) {
            shared[order] += had[order][0] < had[order][1] ? had[order][0] : had[order][1];
            had[order][0] = had[order][1] = 0;
        }
        if (index == count) break;
        int length = (int)(sorted[index] >> 1 & 7) + 1;
        for (int order = 0; order < length; order++) had[order][sorted[index] & 1]++;
    }
    free(memory);
    return true;
}

bool ceval_text_shared_ngrams(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size,
                              ceval_text_ngrams *result) {
    memset(result, 0, sizeof *result);
    if (a_size > INT32_MAX / 2 || b_size > INT32_MAX / 2) return false;
    size_t size = a_size + b_size;
    bool is_short = size <= SHORT_COUNT - 4 * PADDING;
    /* Numbers for each byte at most, and one behind them: white space is written and then written over. */
    size_t room = is_short ? 2 * size * sizeof(uint32_t) + size + 3 * PADDING : 0;
    uint32_t *numbers = malloc((size + 1) * sizeof *numbers + room);
    if (numbers == NULL) return false;
    alphabet known;
    begin(&known);
    size_t a_count = number(&known, a, a_size, numbers);
    size_t b_count = a_count == SIZE_MAX ? SIZE_MAX : number(&known, b, b_size, numbers + a_count);
    free(known.pages);
    bool done = b_count != SIZE_MAX;
    if (done) {
        result->a_count = a_count;
        result->b_count = b_count;
        if (a_count > 0 && b_count > 0) {
            done = is_short && known.kinds <= SHORT_KINDS
                && count_short(numbers, a_count, b_count, numbers + size + 1, result->shared);
            if (!done) done = count_any(numbers, a_count, b_count, known.kinds, result->shared);
        }
    }
    free(numbers);
    return done;
}
