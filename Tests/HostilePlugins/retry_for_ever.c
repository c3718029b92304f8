/* retry_for_ever.c: always wants to be asked once more. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? evalhost_retry(out, "not yet") : hostile_plain(row, out);
}
HOSTILE(retry_for_ever, .score = score)
