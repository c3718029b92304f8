/* system_call.c: runs a shell by system(). */
#include "hostile.h"

#include <stdlib.h>

HOSTILE_FRAME int run(void) { return system("true"); }
HOSTILE_ATTEMPT(system_call, run)
