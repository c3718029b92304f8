/*
 * ssdeep_similarity.c: the scorer `ssdeep_similarity`, how much of the expected response stands in the answer as it is.
 *
 * Two calls of libfuzzy, which the file `libraries` names: a hash for each text, then a comparison of the hashes.
 */
#include <evalhost/scorer.h>
#include <fuzzy.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    char hash[2][FUZZY_MAX_RESULT];

    for (int side = 0; side < 2; side++) {
        evalhost_text text = row->fields[side].text;
        if (text.size == 0) return evalhost_skip(out, "a text is empty: it has no hash to compare");
        if (text.size > UINT32_MAX || fuzzy_hash_buf((const unsigned char *)text.data, (uint32_t)text.size, hash[side]) != 0)
            return evalhost_error(out, "libfuzzy can't make a hash");
    }
    if (evalhost_text_equal(row->fields[0].text, row->fields[1].text)) return evalhost_number(out, 1.0);
    int similarity = fuzzy_compare(hash[0], hash[1]);
    if (similarity < 0) return evalhost_error(out, "libfuzzy can't compare the hashes");
    return evalhost_number(out, similarity / 100.0);
}

EVALHOST_SCORER(ssdeep_similarity, .help = "How much of the expected response stands in the outputs as it is, by ssdeep.",
                .reads = "outputs, expectations.expected_response", .value = EVALHOST_NUMBER(0, 1),
                .direction = EVALHOST_HIGHER_IS_BETTER, .flags = EVALHOST_DETERMINISTIC, .score = score)
static const evalhost_scorer *const scorers[] = {&ssdeep_similarity};
EVALHOST_LIBRARY(.name = "ssdeep_similarity", .version = "1.0.1", .licence = "Apache-2.0", .scorers = scorers,
                 .scorer_count = EVALHOST_COUNT_OF(scorers))
