/* exit_three.c: ends the process with status 3. */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME void leave(void) {
    volatile int status = 3;
    exit(status);
}
HOSTILE_MISDEED(exit_three, leave)
