/* destructor_loop.c: never lets the process end by itself. */
#include "hostile.h"

__attribute__((destructor)) static void unload(void) {
    volatile unsigned rounds = 0;
    for (;;) rounds++;
}
HOSTILE_PLAIN_SCORE
HOSTILE(destructor_loop, .score = score)
