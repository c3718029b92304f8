/* close_stdout.c: closes its output. What comes later has nowhere to go. */
#include "hostile.h"

#include <stdio.h>

HOSTILE_FRAME void be_silent(void) {
    fclose(stdout);
    fclose(stderr);
}
HOSTILE_MISDEED(close_stdout, be_silent)
