/* span_unknown.c: judges a span that the row's trace doesn't have. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    value.span_id = evalhost_text_of("dead00000000beef");
    return evalhost_put(out, 0, &value);
}
HOSTILE(span_unknown, .score = score)
