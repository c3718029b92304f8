/* sleep_for_ever.c: waits for a signal that nobody sends. */
#include "hostile.h"

HOSTILE_FRAME void wait_for_ever(void) {
    volatile int patient = 1;
    while (patient) pause();
}
HOSTILE_MISDEED(sleep_for_ever, wait_for_ever)
