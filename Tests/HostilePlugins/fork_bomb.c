/* fork_bomb.c: makes as many processes as it can. They end at once, should it get some. */
#include "hostile.h"

HOSTILE_FRAME int multiply(void) {
    int made = 0;
    for (int round = 0; round < 64; round++) {
        pid_t child = fork();
        if (child == 0) _exit(0);
        if (child > 0) made++;
    }
    return made > 0 ? made : -1;
}
HOSTILE_ATTEMPT(fork_bomb, multiply)
