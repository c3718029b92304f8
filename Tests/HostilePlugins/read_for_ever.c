/* read_for_ever.c: waits for the host on the worker's own socket, and takes what was meant for the worker. */
#include "hostile.h"

HOSTILE_FRAME void listen_in(void) {
    volatile char letters[64];
    volatile int curious = 1;
    while (curious) {
        if (read(HOSTILE_CONTROL, (void *)letters, sizeof letters) <= 0) hostile_sleep(10);
    }
}
HOSTILE_MISDEED(read_for_ever, listen_in)
