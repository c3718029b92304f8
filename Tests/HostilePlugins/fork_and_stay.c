/* fork_and_stay.c: makes a process of its own that would outlive the worker for some seconds. */
#include "hostile.h"

HOSTILE_FRAME int split(void) {
    pid_t child = fork();
    if (child == 0) {
        setsid();
        hostile_sleep(5000);
        _exit(0);
    }
    return child;
}
HOSTILE_ATTEMPT(fork_and_stay, split)
