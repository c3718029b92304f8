/*
 * __NAME__.c: whether the answer contains the expected response. Put your own measure in its place.
 *
 * What may be declared and answered stands in <evalhost/scorer.h>: `less Vendor/EvalHostSDK/CEvalHost/include/evalhost/scorer.h`.
 */
#include <evalhost/scorer.h>
#include <stdlib.h>

typedef struct instance {
    int ignores_case;
} instance;

enum { IGNORE_CASE };
static const evalhost_setting settings[] = {
    EVALHOST_SETTING("ignore_case", EVALHOST_KIND_BOOLEAN, "false", "Compare A to Z and a to z as equal."),
};

/* Called once for each use in a suite, with the settings in the declared order, validated. */
static evalhost_status create(const evalhost_setup *setup, void **self) {
    instance *made = (instance *)malloc(sizeof *made);
    if (!made) return evalhost_reject(setup, -1, "out of memory");
    made->ignores_case = setup->settings[IGNORE_CASE].integer != 0;
    *self = made;
    return EVALHOST_OK;
}

static void destroy(void *self) { free(self); }

static int folded(const instance *it, char byte) {
    return it->ignores_case && byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

/* Called for each row, with the fields in the order of `.reads`. Missing ones never get here, unless marked by `?`. */
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    const instance *it = (const instance *)self;
    evalhost_text answer = row->fields[0].text, expected = row->fields[1].text;

    if (expected.size == 0) return evalhost_skip(out, "the expected response is empty");
    for (uint64_t start = 0; start + expected.size <= answer.size; start++) {
        uint64_t same = 0;
        while (same < expected.size && folded(it, answer.data[start + same]) == folded(it, expected.data[same])) same++;
        if (same == expected.size) return evalhost_boolean(out, 1);
    }
    return evalhost_boolean(out, 0);
}

EVALHOST_SCORER(__NAME__, .help = "Whether the answer contains the expected response.",
                .reads = "outputs, expectations.expected_response", .value = EVALHOST_BOOLEAN,
                .flags = EVALHOST_DETERMINISTIC, EVALHOST_SETTINGS(settings), .create = create, .score = score,
                .destroy = destroy)
EVALHOST_PLUGIN("__NAME__", "0.1.0", &__NAME__)
