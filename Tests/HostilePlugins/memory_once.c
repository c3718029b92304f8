/* memory_once.c: asks for 20 GB at once, gets nothing, and writes there. */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME void take_much(void) {
    volatile size_t size = (size_t)20 << 30;
    volatile char *volatile bytes = (volatile char *)malloc(size);
    if (!bytes) bytes[0] = 1;
}
HOSTILE_MISDEED(memory_once, take_much)
