/* handler_exits.c: handles its own SIGSEGV by leaving as if all were well. */
#include "hostile.h"

#include <signal.h>

static void leave(int number) {
    (void)number;
    _exit(0);
}
HOSTILE_FRAME void crash(void) {
    volatile int *volatile nowhere = NULL;
    signal(SIGSEGV, leave);
    *nowhere = 1;
}
HOSTILE_MISDEED(handler_exits, crash)
