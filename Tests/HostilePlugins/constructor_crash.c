/* constructor_crash.c: crashes while it is being loaded. */
#include "hostile.h"

__attribute__((constructor, noinline)) static void load(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}
HOSTILE_PLAIN_SCORE
HOSTILE(constructor_crash, .score = score)
