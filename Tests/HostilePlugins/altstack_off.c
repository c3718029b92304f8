/* altstack_off.c: takes away the stack of signal handlers, then uses up its own: no handler can run any more. */
#include "hostile.h"

#include <signal.h>

static volatile int depth_limit = -1;

HOSTILE_FRAME int recurse(int depth) {
    volatile char frame[256];
    frame[0] = (char)depth;
    if (depth == depth_limit) return frame[0];
    return recurse(depth + 1) + frame[0];
}
HOSTILE_FRAME void misdeed(void) {
    stack_t none;
    volatile int sum;
    memset(&none, 0, sizeof none);
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, NULL);
    sum = recurse(0);
    (void)sum;
}
HOSTILE_MISDEED(altstack_off, misdeed)
