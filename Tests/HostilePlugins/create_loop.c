/* create_loop.c: is never done with making an instance. */
#include "hostile.h"

static evalhost_status create(const evalhost_setup *setup, void **self) {
    volatile unsigned rounds = 1;
    (void)setup;
    *self = NULL;
    while (rounds) rounds |= 1;
    return EVALHOST_OK;
}
HOSTILE_PLAIN_SCORE
HOSTILE(create_loop, .create = create, .score = score)
