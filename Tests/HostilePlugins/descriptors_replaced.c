/* descriptors_replaced.c: puts /dev/null where the worker's own descriptors are. */
#include "hostile.h"

HOSTILE_FRAME void replace(void) {
    for (int descriptor = HOSTILE_CONTROL; descriptor <= HOSTILE_LIBRARY; descriptor++) dup2(0, descriptor);
}
HOSTILE_MISDEED(descriptors_replaced, replace)
