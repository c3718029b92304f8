/* double_free.c: frees a block twice, which glibc notices. SIGABRT. */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME void free_twice(void) {
    void *volatile block = malloc(64);
    void *volatile same = block;
    free(block);
    free(same);
}
HOSTILE_MISDEED(double_free, free_twice)
