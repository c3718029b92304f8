/* exit_handler_loops.c: leaves by exit(), whose handler never returns: only the deadline ends it. */
#include "hostile.h"

#include <stdlib.h>

static void loop(void) {
    volatile unsigned rounds = 0;
    for (;;) rounds++;
}
HOSTILE_FRAME void leave(void) {
    if (atexit(loop) == 0) exit(0);
}
HOSTILE_MISDEED(exit_handler_loops, leave)
