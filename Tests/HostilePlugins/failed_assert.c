/* failed_assert.c: an assertion that doesn't hold. SIGABRT, and a line on standard error. */
#undef NDEBUG
#include "hostile.h"

#include <assert.h>

HOSTILE_FRAME void check(void) {
    volatile int rows = 0;
    assert(rows > 0);
}
HOSTILE_MISDEED(failed_assert, check)
