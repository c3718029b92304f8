/* message_wild.c: an error whose words are where there is nothing. */
#include "hostile.h"

HOSTILE_FRAME evalhost_status complain(const evalhost_sink *out) {
    out->table->put_message(out, (const char *)(uintptr_t)0x5000, 100);
    return EVALHOST_ERROR;
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    return hostile_is_now(row) ? complain(out) : hostile_plain(row, out);
}
HOSTILE(message_wild, .score = score)
