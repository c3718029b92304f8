/* text_huge.c: answers with a rationale that it says is 16 EiB less one byte. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    value.rationale.data = "short";
    value.rationale.size = UINT64_MAX;
    return evalhost_put(out, 0, &value);
}
HOSTILE(text_huge, .score = score)
