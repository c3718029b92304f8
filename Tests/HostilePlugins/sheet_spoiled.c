/* sheet_spoiled.c: follows the sink's private pointer, overwrites what the worker keeps there, and answers. */
#include "hostile.h"

HOSTILE_FRAME void spoil(const evalhost_sink *out) {
    if (out->host) memset((char *)out->host + sizeof *out, 0xFF, 64);
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (hostile_is_now(row)) spoil(out);
    return hostile_plain(row, out);
}
HOSTILE(sheet_spoiled, .score = score)
