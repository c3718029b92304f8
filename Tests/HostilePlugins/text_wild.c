/* text_wild.c: answers with a rationale that is where there is nothing. */
#include "hostile.h"

HOSTILE_FRAME evalhost_status answer(const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    value.rationale.data = (const char *)(uintptr_t)0x5000;
    value.rationale.size = 100;
    return evalhost_put(out, 0, &value);
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? answer(out) : hostile_plain(row, out);
}
HOSTILE(text_wild, .score = score)
