/* constructor_loop.c: is never done with being loaded. */
#include "hostile.h"

__attribute__((constructor)) static void load(void) {
    volatile unsigned rounds = 0;
    for (;;) rounds++;
}
HOSTILE_PLAIN_SCORE
HOSTILE(constructor_loop, .score = score)
