/* sigsys_blocked.c: blocks the signal by which the sandbox refuses calls, then makes such a call. */
#include "hostile.h"

#include <signal.h>
#include <sys/socket.h>

HOSTILE_FRAME int call(void) {
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGSYS);
    pthread_sigmask(SIG_BLOCK, &one, NULL);
    return socket(AF_INET, SOCK_STREAM, 0);
}
HOSTILE_ATTEMPT(sigsys_blocked, call)
