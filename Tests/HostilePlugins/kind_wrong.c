/* kind_wrong.c: declares a number and answers with an integer. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? evalhost_integer(out, 1) : hostile_plain(row, out);
}
HOSTILE(kind_wrong, .score = score)
