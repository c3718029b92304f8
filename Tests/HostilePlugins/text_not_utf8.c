/* text_not_utf8.c: answers with a rationale that is no text. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    value.rationale = evalhost_text_of("half a character: \xe2\x82");
    return evalhost_put(out, 0, &value);
}
HOSTILE(text_not_utf8, .score = score)
