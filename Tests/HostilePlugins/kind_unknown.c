/* kind_unknown.c: answers with a value of a kind that there isn't. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of(4000000000u);
    (void)self;
    return hostile_is_now(row) ? evalhost_put(out, 0, &value) : hostile_plain(row, out);
}
HOSTILE(kind_unknown, .score = score)
