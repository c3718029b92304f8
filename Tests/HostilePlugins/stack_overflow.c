/* stack_overflow.c: calls itself without end. */
#include "hostile.h"

static volatile int depth_limit = -1;

HOSTILE_FRAME int recurse(int depth) {
    volatile char frame[256];
    frame[0] = (char)depth;
    if (depth == depth_limit) return frame[0];
    return recurse(depth + 1) + frame[0];
}
HOSTILE_FRAME void misdeed(void) {
    volatile int sum = recurse(0);
    (void)sum;
}
HOSTILE_MISDEED(stack_overflow, misdeed)
