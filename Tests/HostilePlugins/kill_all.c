/* kill_all.c: asks whether it could send a signal to its group, to every process, and to the host's threads. */
#include "hostile.h"

#include <signal.h>
#include <sys/syscall.h>

HOSTILE_FRAME int ask(void) {
    if (kill(0, 0) == 0 || kill(-1, 0) == 0) return 0;
    if (syscall(SYS_tgkill, getppid(), getppid(), 0) == 0 || syscall(SYS_tkill, getppid(), 0) == 0) return 0;
    return -1;
}
HOSTILE_ATTEMPT(kill_all, ask)
