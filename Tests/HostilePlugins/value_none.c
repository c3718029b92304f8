/* value_none.c: says that all is well, and gives no value. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? EVALHOST_OK : hostile_plain(row, out);
}
HOSTILE(value_none, .score = score)
