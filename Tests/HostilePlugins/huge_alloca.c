/* huge_alloca.c: takes 64 MiB of stack at once and writes them, from the top down. */
#include "hostile.h"

#include <alloca.h>

HOSTILE_FRAME void take(void) {
    volatile size_t size = 64u << 20;
    volatile char *array = (volatile char *)alloca(size);
    for (size_t at = size; at > 0; at -= 1024) array[at - 1] = 1;
}
HOSTILE_MISDEED(huge_alloca, take)
