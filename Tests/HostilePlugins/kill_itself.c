/* kill_itself.c: SIGKILL, as the kernel sends it when memory runs out. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void end(void) { raise(SIGKILL); }
HOSTILE_MISDEED(kill_itself, end)
