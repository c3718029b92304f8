/* builtin_trap.c: the compiler's own trap: SIGILL on x86-64, SIGTRAP on arm64. */
#include "hostile.h"

HOSTILE_FRAME void trap(void) {
    volatile int wrong = 1;
    if (wrong) __builtin_trap();
}
HOSTILE_MISDEED(builtin_trap, trap)
