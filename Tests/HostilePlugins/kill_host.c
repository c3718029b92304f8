/* kill_host.c: SIGTERM to the host. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME int end_host(void) { return kill(getppid(), SIGTERM); }
HOSTILE_ATTEMPT(kill_host, end_host)
