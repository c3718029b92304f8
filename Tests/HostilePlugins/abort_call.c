/* abort_call.c: abort(). SIGABRT. */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME void give_up(void) {
    volatile int hopeless = 1;
    if (hopeless) abort();
}
HOSTILE_MISDEED(abort_call, give_up)
