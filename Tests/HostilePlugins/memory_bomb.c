/* memory_bomb.c: takes memory, touches some of each block until there is none, then writes to what it didn't get. */
#include "hostile.h"

#include <stdlib.h>

enum { BLOCK = 16 << 20, BLOCKS = 256 };

HOSTILE_FRAME void take_all(void) {
    for (int block = 0; block < BLOCKS; block++) {
        volatile char *volatile bytes = (volatile char *)malloc(BLOCK);
        for (size_t at = 0; at < BLOCK; at += 32768) bytes[at] = 1;
    }
}
HOSTILE_MISDEED(memory_bomb, take_all)
