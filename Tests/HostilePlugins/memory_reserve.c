/* memory_reserve.c: takes small blocks until there are none, then writes to what it didn't get. */
#include "hostile.h"

#include <stdlib.h>

enum { BLOCK = 100000, BLOCKS = 100000 };

HOSTILE_FRAME void take_all(void) {
    for (int block = 0; block < BLOCKS; block++) {
        volatile char *volatile bytes = (volatile char *)malloc(BLOCK);
        bytes[0] = 1;
    }
}
HOSTILE_MISDEED(memory_reserve, take_all)
