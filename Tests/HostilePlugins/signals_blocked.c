/* signals_blocked.c: blocks all signals, then crashes: the kernel ends the process without asking any handler. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void crash(void) {
    volatile int *volatile nowhere = NULL;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    *nowhere = 1;
}
HOSTILE_MISDEED(signals_blocked, crash)
