/* equal.c: as little as a scorer can do. */
#include <evalhost/scorer.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return evalhost_number(out, evalhost_text_equal(row->fields[0].text, row->fields[1].text));
}
EVALHOST_SCORER(equal, .reads = "outputs, expectations.expected_response, inputs", .value = EVALHOST_NUMBER(0, 1),
                .score = score)
EVALHOST_PLUGIN("equal", "1.0.0", &equal)
