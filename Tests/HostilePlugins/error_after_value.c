/* error_after_value.c: gives a value, then says that it couldn't. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_status status = hostile_plain(row, out);
    (void)self;
    return hostile_is_now(row) ? evalhost_error(out, "changed its mind") : status;
}
HOSTILE(error_after_value, .score = score)
