/* exit_at_once.c: ends the process by _exit(0), past every handler. */
#include "hostile.h"

HOSTILE_FRAME void leave(void) {
    volatile int status = 0;
    _exit(status);
}
HOSTILE_MISDEED(exit_at_once, leave)
