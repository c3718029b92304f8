/* number_too_small.c: answers with a number below the range that it declares. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? evalhost_number(out, -1e300) : hostile_plain(row, out);
}
HOSTILE(number_too_small, .score = score)
