/*
 * language_id.c: the scorer `language_id`, whether an answer is in the language that it should be in.
 *
 * It learns each language from a sample in `assets` when an instance is made, so that a sample can be read, mended and
 * made longer. The further feedback `language` is what was found, also where nothing was expected.
 */
#include <evalhost/ext/assets.h>
#include <evalhost/scorer.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "trigrams.h"

/* The labels of `language`; each but the last has its sample in assets/CODE.txt. */
static const char *const codes[] = {"ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hu", "it",
                                    "ja", "ko", "nl", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh", "other"};
enum { LANGUAGES = sizeof codes / sizeof codes[0] - 1, OTHER = LANGUAGES };

typedef struct instance {
    profiles profiles;
    int expected; /* of the setting; -1: the row says */
    uint64_t minimum_letters;
    char rationale[256];
} instance;

enum { EXPECTED, MINIMUM_LETTERS };
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("expected", EVALHOST_KIND_TEXT, "",
                     "The language that answers should be in, such as `de`; else expectations.language says."),
    EVALHOST_SETTING("minimum_letters", EVALHOST_KIND_INTEGER, "20",
                     "Shorter answers are skipped; an ideograph, a syllable of Hangul or a kana counts as three.",
                     .minimum = 1, .flags = EVALHOST_HAS_MINIMUM),
};
enum { LANGUAGE = 1, CONFIDENCE };
static const evalhost_feedback feedbacks[] = {
    EVALHOST_FEEDBACK("language", EVALHOST_CATEGORY(codes), .help = "The language that the answer is in."),
    EVALHOST_FEEDBACK("confidence", EVALHOST_NUMBER(0, 1),
                      .help = "How far the language is ahead of the next: 0 if both fit as well."),
};

static void destroy(void *self) {
    instance *old = (instance *)self;
    profiles_free(&old->profiles);
    free(old);
}

/* The language of a code such as `de`, `DE` or `de-AT`; -1: it isn't one of ours. */
static int language_of(evalhost_text code) {
    for (int language = 0; language < LANGUAGES; language++) {
        const char *known = codes[language];
        if (code.size >= 2 && (code.data[0] | 0x20) == known[0] && (code.data[1] | 0x20) == known[1] &&
            (code.size == 2 || code.data[2] == '-' || code.data[2] == '_'))
            return language;
    }
    return -1;
}

static evalhost_status refuse(instance *made, const evalhost_setup *setup, int32_t setting, const char *why) {
    evalhost_status status = evalhost_reject(setup, setting, why);
    destroy(made);
    return status;
}

static evalhost_status create(const evalhost_setup *setup, void **self) {
    const evalhost_assets *assets =
        (const evalhost_assets *)evalhost_extension(setup->host, EVALHOST_EXT_ASSETS, EVALHOST_EXT_ASSETS_REVISION);
    evalhost_text expected = setup->settings[EXPECTED].text;
    instance *made = (instance *)calloc(1, sizeof *made);
    char why[128];

    if (!made) return evalhost_reject(setup, -1, "out of memory");
    if (!assets) return refuse(made, setup, -1, "this host offers no assets, where the samples lie");
    made->minimum_letters = (uint64_t)setup->settings[MINIMUM_LETTERS].integer;
    made->expected = expected.size > 0 ? language_of(expected) : -1;
    if (expected.size > 0 && made->expected < 0)
        return refuse(made, setup, EXPECTED,
                      "it isn't one of ar cs da de el en es fi fr hu it ja ko nl pl pt ro ru sv tr uk zh");
    for (uint32_t language = 0; language < LANGUAGES; language++) {
        evalhost_text sample;
        snprintf(why, sizeof why, "%s.txt", codes[language]);
        if (assets->find(setup->host, why, &sample) != EVALHOST_OK) {
            snprintf(why, sizeof why, "there is no file assets/%s.txt", codes[language]);
            return refuse(made, setup, -1, why);
        }
        if (!profiles_learn(&made->profiles, language, sample.data, (size_t)sample.size))
            return refuse(made, setup, -1, "out of memory");
    }
    *self = made;
    return EVALHOST_OK;
}

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    instance *it = (instance *)self;
    evalhost_text text = row->fields[0].text;
    const evalhost_field *row_expects = &row->fields[1];
    int expected = it->expected, language;
    evalhost_value value;
    guess made;

    if (expected < 0 && row_expects->kind == EVALHOST_KIND_TEXT) {
        expected = language_of(row_expects->text);
        if (expected < 0) return evalhost_error(out, "expectations.language isn't a language that is known here");
    }
    made = profiles_judge(&it->profiles, text.data, (size_t)text.size);
    if (made.letters < it->minimum_letters) return evalhost_skip(out, "there are too few letters to tell");

    /* Another script, or too many letters that the language doesn't have. */
    language = made.known * 100 < made.trigrams * 85 ? OTHER : (int)made.best;
    if (evalhost_label_at(out, LANGUAGE, (uint32_t)language) != EVALHOST_OK) return EVALHOST_ERROR;
    if (evalhost_number_at(out, CONFIDENCE, language == OTHER ? 0 : 1 - exp(-made.lead)) != EVALHOST_OK)
        return EVALHOST_ERROR;
    if (expected < 0) return EVALHOST_OK; /* no value of its own: there is nothing to compare with */
    snprintf(it->rationale, sizeof it->rationale, "it is %s, expected is %s; next would be %s",
             language == OTHER ? "none of the languages that are known" : codes[language], codes[expected],
             codes[language == OTHER ? made.best : made.second]);
    value = evalhost_value_of_boolean(language == expected);
    value.rationale = evalhost_text_of(it->rationale);
    return evalhost_put(out, 0, &value);
}

EVALHOST_SCORER(language_id, .help = "Whether the outputs are in the expected language, by trigrams of letters.",
                .reads = "outputs, expectations.language?", .value = EVALHOST_BOOLEAN, .direction = EVALHOST_HIGHER_IS_BETTER,
                .flags = EVALHOST_DETERMINISTIC, EVALHOST_SETTINGS(settings), EVALHOST_FEEDBACKS(feedbacks), .create = create,
                .score = score, .destroy = destroy)
static const evalhost_scorer *const scorers[] = {&language_id};
EVALHOST_LIBRARY(.name = "language_id", .version = "1.0.0", .licence = "Apache-2.0", .scorers = scorers,
                 .scorer_count = EVALHOST_COUNT_OF(scorers))
