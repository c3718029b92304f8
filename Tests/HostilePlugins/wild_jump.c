/* wild_jump.c: calls a function where there is none. SIGSEGV, with a program counter that no unwinder can use. */
#include "hostile.h"

HOSTILE_FRAME void jump(void) {
    void (*volatile wild)(void) = (void (*)(void))(uintptr_t)0x1230;
    wild();
}
HOSTILE_MISDEED(wild_jump, jump)
