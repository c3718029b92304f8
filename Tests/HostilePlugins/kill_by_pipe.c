/*
 * kill_by_pipe.c: lets the kernel send SIGTERM to the host, as the owner of a descriptor that has become readable.
 * No call to kill() is made, and fcntl() is everybody's. Where it gets no pipe it uses its own output.
 */
#include "hostile.h"

#include <fcntl.h>
#include <signal.h>

HOSTILE_FRAME void arm(void) {
    int ends[2] = {1, 1};
    if (pipe(ends) != 0) ends[0] = ends[1] = 1;
    fcntl(ends[0], F_SETSIG, SIGTERM);
    fcntl(ends[0], F_SETOWN, getppid());
    fcntl(ends[0], F_SETFL, fcntl(ends[0], F_GETFL) | O_ASYNC);
    for (int round = 0; round < 4; round++)
        if (write(ends[1], "x\n", 2) != 2) break;
}
HOSTILE_MISDEED(kill_by_pipe, arm)
