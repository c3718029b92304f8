/* signals_ignored.c: ignores SIGTERM, SIGSYS and whatever else can be ignored, then never returns. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void ignore(void) {
    volatile unsigned rounds = 0;
    for (int number = 1; number < 32; number++) signal(number, SIG_IGN);
    for (;;) rounds++;
}
HOSTILE_MISDEED(signals_ignored, ignore)
