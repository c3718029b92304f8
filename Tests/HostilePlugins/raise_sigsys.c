/* raise_sigsys.c: sends itself the signal by which the sandbox refuses calls. No call was refused: it is a crash. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void pretend(void) { raise(SIGSYS); }
HOSTILE_MISDEED(raise_sigsys, pretend)
