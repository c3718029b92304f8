/* handler_recovers.c: handles its own SIGSEGV by jumping out of it, then answers as if nothing had been. */
#include "hostile.h"

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf before;

static void jump(int number) {
    (void)number;
    siglongjmp(before, 1);
}
HOSTILE_FRAME void crash(void) {
    volatile int *volatile nowhere = NULL;
    signal(SIGSEGV, jump);
    if (sigsetjmp(before, 1) == 0) *nowhere = 1;
}
HOSTILE_MISDEED(handler_recovers, crash)
