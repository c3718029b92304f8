/* answer_in_destroy.c: keeps the sink of a row, and answers once more in destroy. */
#include "hostile.h"

static const evalhost_sink *kept;

static void destroy(void *self) {
    (void)self;
    if (kept) evalhost_number(kept, 999);
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (hostile_is_now(row)) kept = out;
    return hostile_plain(row, out);
}
HOSTILE(answer_in_destroy, .score = score, .destroy = destroy)
