/* sink_spoiled.c: answers, then overwrites the sink that it got: the next row must not meet its remains. */
#include "hostile.h"

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_status status = hostile_plain(row, out);
    (void)self;
    if (hostile_is_now(row)) memset((void *)(uintptr_t)out, 0xFF, sizeof *out);
    return status;
}
HOSTILE(sink_spoiled, .score = score)
