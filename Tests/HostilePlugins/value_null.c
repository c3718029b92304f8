/* value_null.c: gives no value by pointing to none, and one of a size that there isn't; then says that all is well. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    value.struct_size = 4;
    evalhost_put(out, 0, NULL);
    evalhost_put(out, 0, &value);
    return EVALHOST_OK;
}
HOSTILE(value_null, .score = score)
