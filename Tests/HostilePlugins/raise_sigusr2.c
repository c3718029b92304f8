/* raise_sigusr2.c: a signal whose default is to end the process, and that no fault of the processor makes. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void signal_itself(void) { raise(SIGUSR2); }
HOSTILE_MISDEED(raise_sigusr2, signal_itself)
