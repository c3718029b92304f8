/*
 * edit_distance.c: the scorer `edit_similarity`, 1 for equal texts, 0 for texts that share nothing.
 *
 * Similarity is 1 - distance / length of the longer text, both counted in Unicode scalars, so that an emoji or an
 * ideograph weighs as much as a letter. Two empty texts are equal. Texts aren't normalised: e with an accent as one scalar
 * and as two differ by two edits.
 */
#include <evalhost/scorer.h>
#include <stdlib.h>

#include "distance.h"

typedef struct instance {
    int ignores_case;
    uint64_t limit;
    distance_memory memory;
} instance;

enum { IGNORE_CASE, LIMIT };
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("ignore_case", EVALHOST_KIND_BOOLEAN, "false", "Compare A to Z and a to z as equal."),
    EVALHOST_SETTING("limit", EVALHOST_KIND_INTEGER, "100000",
                     "Longest text, in Unicode scalars; a longer one is an error, since time grows with its square.",
                     .minimum = 1, .maximum = 1000000, .flags = EVALHOST_HAS_MINIMUM | EVALHOST_HAS_MAXIMUM),
};

static evalhost_status create(const evalhost_setup *setup, void **self) {
    instance *made = (instance *)calloc(1, sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->ignores_case = setup->settings[IGNORE_CASE].integer != 0;
    made->limit = (uint64_t)setup->settings[LIMIT].integer;
    *self = made;
    return EVALHOST_OK;
}

static void destroy(void *self) {
    instance *old = (instance *)self;
    distance_free(&old->memory);
    free(old);
}

static void lower(uint32_t *scalars, size_t count) {
    for (size_t index = 0; index < count; index++)
        if (scalars[index] >= 'A' && scalars[index] <= 'Z') scalars[index] += 'a' - 'A';
}

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    instance *it = (instance *)self;
    distance_memory *memory = &it->memory;
    evalhost_text answer = row->fields[0].text, expected = row->fields[1].text;
    size_t left, right, longer, distance;

    if (evalhost_text_equal(answer, expected)) return evalhost_number(out, 1.0);
    left = distance_decode(answer.data, (size_t)answer.size, &memory->left, &memory->left_capacity);
    right = distance_decode(expected.data, (size_t)expected.size, &memory->right, &memory->right_capacity);
    if (left == SIZE_MAX || right == SIZE_MAX) return evalhost_error(out, "out of memory");
    longer = left > right ? left : right;
    if (longer > it->limit) return evalhost_error(out, "a text is longer than the setting `limit` allows");
    if (it->ignores_case) {
        lower(memory->left, left);
        lower(memory->right, right);
    }
    distance = distance_of(memory->left, left, memory->right, right, memory);
    if (distance == SIZE_MAX) return evalhost_error(out, "out of memory");
    return evalhost_number(out, 1.0 - (double)distance / (double)longer);
}

EVALHOST_SCORER(edit_similarity, .help = "How alike answer and expected response are, by edit distance.",
                .reads = "outputs, expectations.expected_response", .value = EVALHOST_NUMBER(0, 1),
                .direction = EVALHOST_HIGHER_IS_BETTER, .flags = EVALHOST_DETERMINISTIC, EVALHOST_SETTINGS(settings),
                .create = create, .score = score, .destroy = destroy)
EVALHOST_PLUGIN("edit_distance", "1.0.0", &edit_similarity)
