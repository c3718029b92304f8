/* constructor_kill.c: SIGKILL while it is being loaded. */
#include "hostile.h"

#include <signal.h>

__attribute__((constructor)) static void load(void) { raise(SIGKILL); }
HOSTILE_PLAIN_SCORE
HOSTILE(constructor_kill, .score = score)
