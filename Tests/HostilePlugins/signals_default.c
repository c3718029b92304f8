/* signals_default.c: takes all handlers away, then crashes: nobody writes down where. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void crash(void) {
    volatile int *volatile nowhere = NULL;
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    *nowhere = 1;
}
HOSTILE_MISDEED(signals_default, crash)
