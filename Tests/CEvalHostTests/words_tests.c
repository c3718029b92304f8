/* The words of texts put together from known pieces: their counts, and their numbers beside those of a plain search. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <words.h>

static uint64_t state = 0x9e3779b97f4a7c15u;
static uint32_t random_below(uint32_t bound) { /* xorshift64*: the same texts in every run */
    state ^= state >> 12, state ^= state << 25, state ^= state >> 27;
    return (uint32_t)((state * 2685821657736338717u) >> 33) % bound;
}

static void fail(const char *what, int text) {
    fprintf(stderr, "words_tests: %s of text %d\n", what, text);
    exit(1);
}

/* A word, as it is written and as it counts; spaces stand around each. */
static const struct { const char *text; int same_as; } pieces[] = {
    {"a", 0}, {"A", 0}, {"don't", 2}, {"don\xE2\x80\x99t", 2}, {"\xC3\x84rger", 4}, {"\xC3\xA4rger", 4}, {"x1-y2", 6},
    {"\xD0\x9C\xD0\xB8\xD1\x80", 7}, {"\xD0\xBC\xD0\xB8\xD1\x80", 7}, {"\xE6\x9D\xB1", 9}, {"longerthaneight", 10},
};
enum { PIECES = sizeof pieces / sizeof pieces[0], MOST = 700 };

int main(void) {
    word_numbers memory = {0};
    int chosen[MOST], kinds[MOST], texts = 300, text;
    for (text = 0; text < texts; text++) {
        int count = (int)random_below(MOST), sentences = 0, index, known = 0;
        size_t size = 0, at = 0;
        uint64_t found_count = 0;
        word found;
        char *copy = (char *)malloc(MOST * 24);
        for (index = 0; index < count; index++) {
            int piece = (int)random_below(PIECES), ends = random_below(5) == 0 || index + 1 == count;
            chosen[index] = pieces[piece].same_as;
            size += (size_t)sprintf(copy + size, "%s%s", pieces[piece].text, ends ? ". " : " \xE2\x80\x93 ");
            sentences += ends;
        }
        copy = (char *)realloc(copy, size ? size : 1); /* exact, so that the sanitizer sees a byte too many */
        while (word_next(copy, size, &at, &found)) found_count++;
        if (found_count != (uint64_t)count) fail("the words", text);
        if (sentence_count_of(copy, size) != (uint64_t)sentences) fail("the sentences", text);
        if (!word_numbers_make(&memory, copy, size) || memory.count != (size_t)count) fail("the numbers", text);
        for (index = 0; index < count; index++) {
            int earlier = 0;
            while (earlier < known && kinds[earlier] != chosen[index]) earlier++;
            if (earlier == known) kinds[known++] = chosen[index];
            if (memory.numbers[index] != (uint32_t)earlier) fail("a number", text);
        }
        if (memory.kinds != (size_t)known) fail("the kinds", text);
        /* Texts that end anywhere, also within a character: nothing is read behind the end. */
        if (size > 0) {
            size_t shorter = random_below((uint32_t)size);
            char *cut = (char *)malloc(shorter ? shorter : 1);
            memcpy(cut, copy, shorter);
            (void)sentence_count_of(cut, shorter);
            (void)word_numbers_make(&memory, cut, shorter);
            free(cut);
        }
        free(copy);
    }
    word_numbers_free(&memory);
    printf("words_tests: %d random texts have their words and sentences\n", texts);
    return 0;
}
