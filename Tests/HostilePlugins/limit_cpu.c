/* limit_cpu.c: gives itself no more than a second of the processor, and computes on. */
#include "hostile.h"

#include <sys/resource.h>

HOSTILE_FRAME void burn(void) {
    struct rlimit second = {1, 1};
    volatile unsigned rounds = 0;
    setrlimit(RLIMIT_CPU, &second);
    for (;;) rounds++;
}
HOSTILE_MISDEED(limit_cpu, burn)
