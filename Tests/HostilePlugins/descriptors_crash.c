/* descriptors_crash.c: uses up all descriptors, then crashes: the worker can open nothing to tell of it. */
#include "hostile.h"

HOSTILE_FRAME void crash(void) {
    volatile int *volatile nowhere = NULL;
    for (int count = 0; count < 100000; count++)
        if (dup(0) < 0) break;
    *nowhere = 1;
}
HOSTILE_MISDEED(descriptors_crash, crash)
