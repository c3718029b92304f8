/* heap_overflow.c: writes beyond a block, over the size of the next one; glibc notices when it is freed. SIGABRT. */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME void overflow(void) {
    volatile char *volatile block = (volatile char *)malloc(3000);
    void *volatile next = malloc(3000);
    void *volatile last = malloc(3000);
    for (int at = 0; at < 3000 + 64; at++) block[at] = 0x41;
    free((void *)block);
    free(next);
    free(last);
}
HOSTILE_MISDEED(heap_overflow, overflow)
