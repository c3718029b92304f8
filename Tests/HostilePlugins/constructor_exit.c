/* constructor_exit.c: ends the process while it is being loaded. */
#include "hostile.h"

__attribute__((constructor)) static void load(void) { _exit(0); }
HOSTILE_PLAIN_SCORE
HOSTILE(constructor_exit, .score = score)
