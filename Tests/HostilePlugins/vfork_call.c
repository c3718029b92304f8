/* vfork_call.c: makes a process that shares its memory. */
#include "hostile.h"

HOSTILE_FRAME int split(void) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    volatile pid_t child = vfork();
#pragma GCC diagnostic pop
    if (child == 0) _exit(0);
    return child;
}
HOSTILE_ATTEMPT(vfork_call, split)
