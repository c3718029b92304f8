/* exit_zero.c: ends the process as if all were well. */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME void leave(void) {
    volatile int done = 1;
    if (done) exit(0);
}
HOSTILE_MISDEED(exit_zero, leave)
