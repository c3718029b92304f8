/* ptrace_host.c: becomes the host's debugger. */
#include "hostile.h"

#include <sys/ptrace.h>
#include <sys/wait.h>

HOSTILE_FRAME int attach(void) {
    pid_t host = getppid();
    if (ptrace(PTRACE_ATTACH, host, NULL, NULL) != 0) return -1;
    waitpid(host, NULL, __WALL);
    ptrace(PTRACE_DETACH, host, NULL, NULL);
    return 0;
}
HOSTILE_ATTEMPT(ptrace_host, attach)
