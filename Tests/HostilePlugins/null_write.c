/* null_write.c: writes to address 0. SIGSEGV. */
#include "hostile.h"

HOSTILE_FRAME void write_null(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}
HOSTILE_MISDEED(null_write, write_null)
