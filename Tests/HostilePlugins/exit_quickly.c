/* exit_quickly.c: ends the process by quick_exit(5). */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME void leave(void) {
    volatile int status = 5;
    quick_exit(status);
}
HOSTILE_MISDEED(exit_quickly, leave)
