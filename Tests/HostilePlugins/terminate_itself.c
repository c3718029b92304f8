/* terminate_itself.c: SIGTERM, as an operator would send it. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void terminate(void) {
    raise(SIGTERM);
    hostile_sleep(100);
}
HOSTILE_MISDEED(terminate_itself, terminate)
