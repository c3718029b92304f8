/* status_unknown.c: gives a value, then ends by a status that there isn't. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_status status = hostile_plain(row, out);
    (void)self;
    return hostile_is_now(row) ? 77 : status;
}
HOSTILE(status_unknown, .score = score)
