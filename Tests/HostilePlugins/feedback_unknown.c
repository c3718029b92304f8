/* feedback_unknown.c: answers, beside its number, with a feedback that it doesn't declare. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (hostile_is_now(row)) evalhost_number_at(out, UINT32_MAX, 1);
    return hostile_plain(row, out);
}
HOSTILE(feedback_unknown, .score = score)
