/* divide_by_zero.c: SIGFPE. Where division doesn't trap (arm64), it raises the signal that it would have been. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void divide(void) {
    volatile int dividend = 7, divisor = 0, quotient;
    quotient = dividend / divisor;
    (void)quotient;
#ifndef __x86_64__
    raise(SIGFPE);
#endif
}
HOSTILE_MISDEED(divide_by_zero, divide)
