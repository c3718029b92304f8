/* number_infinite.c: answers with infinity. */
#include "hostile.h"

#include <math.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? evalhost_number(out, (double)INFINITY) : hostile_plain(row, out);
}
HOSTILE(number_infinite, .score = score)
