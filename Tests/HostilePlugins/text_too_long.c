/* text_too_long.c: answers with a rationale that is one byte longer than allowed. */
#include "hostile.h"

static char words[EVALHOST_MAX_RATIONALE_BYTES + 1];

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    memset(words, 'w', sizeof words);
    value.rationale.data = words;
    value.rationale.size = sizeof words;
    return evalhost_put(out, 0, &value);
}
HOSTILE(text_too_long, .score = score)
