/* wild_read.c: reads an address that no machine has. SIGSEGV, on x86-64 with a code that carries no address. */
#include "hostile.h"

HOSTILE_FRAME int read_wild(void) {
    volatile const int *volatile wild = (volatile const int *)(uintptr_t)UINT64_C(0x4141414141414140);
    return *wild;
}
HOSTILE_FRAME void misdeed(void) {
    volatile int found = read_wild();
    (void)found;
}
HOSTILE_MISDEED(wild_read, misdeed)
