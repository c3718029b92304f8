/* handler_loops.c: handles its own SIGSEGV, and never returns from that. */
#include "hostile.h"

#include <signal.h>

static void loop(int number) {
    (void)number;
    for (;;) pause();
}
HOSTILE_FRAME void crash(void) {
    volatile int *volatile nowhere = NULL;
    signal(SIGSEGV, loop);
    *nowhere = 1;
}
HOSTILE_MISDEED(handler_loops, crash)
