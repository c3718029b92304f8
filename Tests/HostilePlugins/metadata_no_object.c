/* metadata_no_object.c: answers with metadata that is JSON, but no object. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    value.metadata = evalhost_text_of("[1, 2, 3]");
    return evalhost_put(out, 0, &value);
}
HOSTILE(metadata_no_object, .score = score)
