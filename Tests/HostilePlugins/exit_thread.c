/* exit_thread.c: ends the thread that scores, not the process. The row never has an end of its own. */
#include "hostile.h"

#include <sys/syscall.h>

HOSTILE_FRAME void end_thread(void) { syscall(SYS_exit, 0); }
HOSTILE_MISDEED(exit_thread, end_thread)
