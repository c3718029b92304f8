/* slow_leak.c: loses 8 MiB on every row, and believes that malloc never fails. */
#include "hostile.h"

#include <stdlib.h>

enum { BLOCK = 8 << 20 };

HOSTILE_FRAME void lose(void) {
    volatile char *volatile bytes = (volatile char *)malloc(BLOCK);
    for (size_t at = 0; at < BLOCK; at += 4096) bytes[at] = 1;
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    lose();
    return hostile_plain(row, out);
}
HOSTILE(slow_leak, .score = score)
