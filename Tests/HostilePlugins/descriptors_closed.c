/* descriptors_closed.c: closes every descriptor, also the worker's own. The answers are in memory all the same. */
#include "hostile.h"

HOSTILE_FRAME void close_all(void) {
    for (int descriptor = 0; descriptor < 1024; descriptor++) close(descriptor);
}
HOSTILE_MISDEED(descriptors_closed, close_all)
