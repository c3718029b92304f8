/* values_thousand.c: answers a thousand times. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    for (int count = 0; count < 1000 && hostile_is_now(row); count++) evalhost_number(out, count);
    return hostile_plain(row, out);
}
HOSTILE(values_thousand, .score = score)
