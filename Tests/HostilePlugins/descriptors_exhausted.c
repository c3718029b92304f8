/* descriptors_exhausted.c: opens descriptors until it gets no more, and keeps them. */
#include "hostile.h"

HOSTILE_FRAME void take_all(void) {
    for (int count = 0; count < 100000; count++)
        if (dup(0) < 0) break;
}
HOSTILE_MISDEED(descriptors_exhausted, take_all)
