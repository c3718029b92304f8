/* raise_sigsegv.c: sends itself SIGSEGV. There is no address to report, and nothing to be made of the rest. */
#include "hostile.h"

#include <signal.h>

HOSTILE_FRAME void pretend(void) { raise(SIGSEGV); }
HOSTILE_MISDEED(raise_sigsegv, pretend)
