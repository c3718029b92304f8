/* become_root.c: asks for the rights of the superuser. */
#include "hostile.h"

HOSTILE_FRAME int become(void) { return setresuid(0, 0, 0); }
HOSTILE_ATTEMPT(become_root, become)
