/* value_twice.c: answers twice. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (hostile_is_now(row)) evalhost_number(out, 1);
    return hostile_plain(row, out);
}
HOSTILE(value_twice, .score = score)
