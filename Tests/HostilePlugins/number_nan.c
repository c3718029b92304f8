/* number_nan.c: answers with what is not a number. */
#include "hostile.h"

#include <math.h>

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? evalhost_number(out, (double)NAN) : hostile_plain(row, out);
}
HOSTILE(number_nan, .score = score)
