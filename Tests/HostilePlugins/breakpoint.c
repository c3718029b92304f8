/* breakpoint.c: stops for a debugger that isn't there. SIGTRAP. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void wait_for_debugger(void) {
#if defined(__x86_64__)
    __asm__ volatile("int3");
#elif defined(__aarch64__)
    __asm__ volatile("brk #0xf000");
#else
    raise(SIGTRAP);
#endif
}
HOSTILE_MISDEED(breakpoint, wait_for_debugger)
