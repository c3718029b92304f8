/* endless_loop.c: computes for ever. */
#include "hostile.h"

HOSTILE_FRAME void loop(void) {
    volatile unsigned rounds = 0;
    for (;;) rounds++;
}
HOSTILE_MISDEED(endless_loop, loop)
