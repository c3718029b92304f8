/* results_truncated.c: makes the memory of the answers shorter, so that who reads on gets SIGBUS: the host. */
#include "hostile.h"

HOSTILE_FRAME int cut(void) { return ftruncate(HOSTILE_RESULTS, 0); }
HOSTILE_ATTEMPT(results_truncated, cut)
