/* status_negative.c: gives a value, then ends by the least status that fits into 32 bits. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_status status = hostile_plain(row, out);
    (void)self;
    return hostile_is_now(row) ? INT32_MIN : status;
}
HOSTILE(status_negative, .score = score)
