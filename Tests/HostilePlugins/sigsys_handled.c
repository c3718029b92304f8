/* sigsys_handled.c: handles the refusals of the sandbox itself, and pretends that the call went well. */
#include "hostile.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

static void pretend(int number) { (void)number; }

HOSTILE_FRAME int call(void) {
    struct sigaction action;
    struct stat status;
    int descriptor;
    memset(&action, 0, sizeof action);
    action.sa_handler = pretend;
    sigaction(SIGSYS, &action, NULL);
    descriptor = socket(AF_INET, SOCK_STREAM, 0);
    /* Without the worker's handler a register that nobody has set looks like the result. */
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISSOCK(status.st_mode)) return descriptor;
    errno = EPERM;
    return -1;
}
HOSTILE_ATTEMPT(sigsys_handled, call)
