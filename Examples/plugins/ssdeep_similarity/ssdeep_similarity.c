/*
 * ssdeep_similarity.c: the scorer `ssdeep_similarity`, how much of the expected response stands in the answer as it is.
 *
 * Two calls of libfuzzy, one after the other: a hash for each text, then a comparison of the hashes. The library is
 * opened in create, so that a machine without it gets a sentence instead of the loader's words.
 */
#include <dlfcn.h>
#include <evalhost/scorer.h>
#include <fuzzy.h>
#include <stdlib.h>

typedef struct instance {
    __typeof__(&fuzzy_hash_buf) hash;
    __typeof__(&fuzzy_compare) compare;
} instance;

static evalhost_status create(const evalhost_setup *setup, void **self) {
    void *library = dlopen("libfuzzy.so.2", RTLD_NOW | RTLD_LOCAL);
    instance *made = (instance *)calloc(1, sizeof *made);
    if (made && library) {
        *(void **)&made->hash = dlsym(library, "fuzzy_hash_buf");
        *(void **)&made->compare = dlsym(library, "fuzzy_compare");
    }
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    if (!made->hash || !made->compare) {
        free(made);
        return evalhost_reject(setup, -1, "libfuzzy.so.2 is missing: install libfuzzy2");
    }
    *self = made;
    return EVALHOST_OK;
}

static void destroy(void *self) { free(self); }

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    const instance *it = (const instance *)self;
    char hash[2][FUZZY_MAX_RESULT];
    int similarity;

    for (int side = 0; side < 2; side++) {
        evalhost_text text = row->fields[side].text;
        if (text.size == 0) return evalhost_skip(out, "a text is empty: it has no hash to compare");
        if (text.size > UINT32_MAX || it->hash((const unsigned char *)text.data, (uint32_t)text.size, hash[side]) != 0)
            return evalhost_error(out, "libfuzzy can't make a hash");
    }
    if (evalhost_text_equal(row->fields[0].text, row->fields[1].text)) return evalhost_number(out, 1.0);
    similarity = it->compare(hash[0], hash[1]);
    if (similarity < 0) return evalhost_error(out, "libfuzzy can't compare the hashes");
    return evalhost_number(out, similarity / 100.0);
}

EVALHOST_SCORER(ssdeep_similarity, .help = "How much of the expected response stands in the outputs as it is, by ssdeep.",
                .reads = "outputs, expectations.expected_response", .value = EVALHOST_NUMBER(0, 1),
                .direction = EVALHOST_HIGHER_IS_BETTER, .flags = EVALHOST_DETERMINISTIC, .create = create,
                .score = score, .destroy = destroy)
static const evalhost_scorer *const scorers[] = {&ssdeep_similarity};
EVALHOST_LIBRARY(.name = "ssdeep_similarity", .version = "1.0.0", .licence = "Apache-2.0", .scorers = scorers,
                 .scorer_count = EVALHOST_COUNT_OF(scorers))
