/*
 * text_statistics.c: four scorers in one library that count what is in an answer: `word_count`, `sentence_count`,
 * `mean_word_length` and `lexical_diversity`.
 *
 * None of them says that an answer is good. They show that a new prompt made answers longer, choppier or more repetitive;
 * a suite gives them a rule, such as `word_count: {pass: '<= 120'}`. What a word is stands in words.h.
 */
#include <evalhost/scorer.h>
#include <stdlib.h>

#include "words.h"

/* Without settings or memory of its own, a scorer needs no instance. */
static evalhost_status score_words(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_text answer = row->fields[0].text;
    size_t at = 0;
    int64_t count = 0;
    word found;
    (void)self;
    while (word_next(answer.data, (size_t)answer.size, &at, &found)) count++;
    return evalhost_integer(out, count);
}

static evalhost_status score_sentences(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_text answer = row->fields[0].text;
    (void)self;
    return evalhost_integer(out, (int64_t)sentence_count_of(answer.data, (size_t)answer.size));
}

static evalhost_status score_length(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_text answer = row->fields[0].text;
    size_t at = 0;
    uint64_t count = 0, letters = 0;
    word found;
    (void)self;
    while (word_next(answer.data, (size_t)answer.size, &at, &found)) {
        count++;
        letters += found.letters;
    }
    if (count == 0) return evalhost_skip(out, "no words");
    return evalhost_number(out, (double)letters / (double)count);
}

/* The scorer with a setting keeps it in an instance, together with memory that every row uses again. */
typedef struct diversity {
    size_t window;
    word_numbers words;
    uint32_t *counts; /* how often each word is within the window */
    size_t count_capacity;
} diversity;

enum { WINDOW };
static const evalhost_setting diversity_settings[] = {
    EVALHOST_SETTING("window", EVALHOST_KIND_INTEGER, "0",
                     "Words that are looked at together; the value is the mean over all places. 0: the whole answer.",
                     .minimum = 0, .maximum = 1000000, .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM),
};

static evalhost_status create_diversity(const evalhost_setup *setup, void **self) {
    diversity *made = (diversity *)calloc(1, sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->window = (size_t)setup->settings[WINDOW].integer;
    *self = made;
    return EVALHOST_OK;
}

static void destroy_diversity(void *self) {
    diversity *old = (diversity *)self;
    word_numbers_free(&old->words);
    free(old->counts);
    free(old);
}

/* The mean share of different words over all windows (Covington and McFall 2010); below 0 if there is no memory. */
static double moving_diversity(diversity *it) {
    const uint32_t *numbers = it->words.numbers;
    size_t place, kinds = 0, count = it->words.count;
    double sum = 0;
    if (it->count_capacity < it->words.kinds) {
        uint32_t *grown = (uint32_t *)realloc(it->counts, it->words.kinds * sizeof *grown);
        if (!grown) return -1;
        it->counts = grown;
        it->count_capacity = it->words.kinds;
    }
    for (place = 0; place < it->words.kinds; place++) it->counts[place] = 0;
    for (place = 0; place < count; place++) {
        if (it->counts[numbers[place]]++ == 0) kinds++;
        if (place + 1 < it->window) continue;
        sum += (double)kinds;
        if (--it->counts[numbers[place + 1 - it->window]] == 0) kinds--;
    }
    return sum / (double)(count - it->window + 1) / (double)it->window;
}

static evalhost_status score_diversity(void *self, const evalhost_record *row, const evalhost_sink *out) {
    diversity *it = (diversity *)self;
    evalhost_text answer = row->fields[0].text;
    double value;
    if (!word_numbers_make(&it->words, answer.data, (size_t)answer.size)) return evalhost_error(out, "out of memory");
    if (it->words.count == 0) return evalhost_skip(out, "no words");
    if (it->window == 0 || it->window >= it->words.count)
        return evalhost_number(out, (double)it->words.kinds / (double)it->words.count);
    value = moving_diversity(it);
    return value < 0 ? evalhost_error(out, "out of memory") : evalhost_number(out, value);
}

EVALHOST_SCORER(word_count, .help = "How many words the answer has.", .reads = "outputs",
                .value = EVALHOST_INTEGER(0, 4294967295.0), .unit = "words", .aggregations = "mean, median, p90",
                .flags = EVALHOST_DETERMINISTIC | EVALHOST_THREAD_SAFE, .score = score_words)
EVALHOST_SCORER(sentence_count, .help = "How many sentences the answer has.", .reads = "outputs",
                .value = EVALHOST_INTEGER(0, 4294967295.0), .unit = "sentences",
                .flags = EVALHOST_DETERMINISTIC | EVALHOST_THREAD_SAFE, .score = score_sentences)
EVALHOST_SCORER(mean_word_length, .help = "Letters and digits in a word of the answer, on average.", .reads = "outputs",
                .value = EVALHOST_NUMBER(1, 4294967295.0), .unit = "chars",
                .flags = EVALHOST_DETERMINISTIC | EVALHOST_THREAD_SAFE, .score = score_length)
EVALHOST_SCORER(lexical_diversity, .help = "The share of different words among the answer's words.", .reads = "outputs",
                .value = EVALHOST_NUMBER(0, 1), .flags = EVALHOST_DETERMINISTIC, EVALHOST_SETTINGS(diversity_settings),
                .create = create_diversity, .score = score_diversity, .destroy = destroy_diversity)
EVALHOST_PLUGIN("text_statistics", "1.0.0", &word_count, &sentence_count, &mean_word_length, &lexical_diversity)
