/* divide_minimum.c: divides the least integer by -1, which has no result. SIGFPE. */
#include "hostile.h"

#include <limits.h>
#include <signal.h>

HOSTILE_FRAME void divide(void) {
    volatile int dividend = INT_MIN, divisor = -1, quotient;
    quotient = dividend / divisor;
    (void)quotient;
#ifndef __x86_64__
    raise(SIGFPE);
#endif
}
HOSTILE_MISDEED(divide_minimum, divide)
