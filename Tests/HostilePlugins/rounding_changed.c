/* rounding_changed.c: lets this thread's floating-point numbers round upwards, and trap when they overflow. */
#include "hostile.h"

#include <fenv.h>

HOSTILE_FRAME void change(void) {
    fesetround(FE_UPWARD);
    feenableexcept(FE_OVERFLOW | FE_INVALID | FE_DIVBYZERO);
}
HOSTILE_MISDEED(rounding_changed, change)
