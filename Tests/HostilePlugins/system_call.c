/* system_call.c: runs a shell by system(). */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME int run(void) {
    if (system("true") == 0) return 0;
    /* A shell that couldn't be started is status 127 in some versions of glibc, -1 in others. */
    errno = EPERM;
    return -1;
}
HOSTILE_ATTEMPT(system_call, run)
