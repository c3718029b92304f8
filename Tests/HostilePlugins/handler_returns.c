/* handler_returns.c: handles its own SIGSEGV by returning to the instruction that made it, again and again. */
#include "hostile.h"

#include <signal.h>

static void carry_on(int number) { (void)number; }

HOSTILE_FRAME void crash(void) {
    volatile int *volatile nowhere = NULL;
    signal(SIGSEGV, carry_on);
    *nowhere = 1;
}
HOSTILE_MISDEED(handler_returns, crash)
