/* results_sealed.c: seals the answers, so that no worker could write any more. */
#include "hostile.h"

#include <fcntl.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

HOSTILE_FRAME int seal(void) { return fcntl(HOSTILE_RESULTS, F_ADD_SEALS, F_SEAL_FUTURE_WRITE); }
HOSTILE_ATTEMPT(results_sealed, seal)
