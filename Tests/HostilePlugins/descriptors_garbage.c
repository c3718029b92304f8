/* descriptors_garbage.c: writes rubbish to the worker's own descriptors: the socket, the eventfd, and all others. */
#include "hostile.h"

HOSTILE_FRAME void write_rubbish(void) {
    char rubbish[4096];
    uint64_t many = UINT64_MAX - 1;
    memset(rubbish, 0xA5, sizeof rubbish);
    for (int round = 0; round < 8; round++)
        if (write(HOSTILE_CONTROL, rubbish, sizeof rubbish >> round) < 0) break;
    if (write(HOSTILE_WAKE, &many, sizeof many) < 0) return;
}
HOSTILE_MISDEED(descriptors_garbage, write_rubbish)
