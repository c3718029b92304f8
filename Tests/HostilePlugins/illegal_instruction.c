/* illegal_instruction.c: SIGILL. */
#include "hostile.h"

HOSTILE_FRAME void run_illegal(void) {
#if defined(__x86_64__)
    __asm__ volatile("ud2");
#elif defined(__aarch64__)
    __asm__ volatile(".inst 0");
#else
    __builtin_trap();
#endif
}
HOSTILE_MISDEED(illegal_instruction, run_illegal)
