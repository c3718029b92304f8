/* name_changed.c: calls itself otherwise, wants to outlive its parent, and to be seen by debuggers. */
#include "hostile.h"

#include <sys/prctl.h>

HOSTILE_FRAME void change(void) {
    prctl(PR_SET_NAME, "init", 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
}
HOSTILE_MISDEED(name_changed, change)
