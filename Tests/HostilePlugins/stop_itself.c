/* stop_itself.c: SIGSTOP, which no process can refuse. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void stop(void) { raise(SIGSTOP); }
HOSTILE_MISDEED(stop_itself, stop)
