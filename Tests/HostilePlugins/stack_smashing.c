/* stack_smashing.c: writes beyond an array on the stack; the compiler's protector notices. SIGABRT. */
#include "hostile.h"

HOSTILE_FRAME void overflow(void) {
    volatile char array[16];
    volatile int size = 48;
    volatile char *at = array;
    for (int index = 0; index < size; index++) at[index] = 0x41;
}
HOSTILE_MISDEED(stack_smashing, overflow)
