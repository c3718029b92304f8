/* destroy_loop.c: is never done with freeing its instance. */
#include "hostile.h"

static void destroy(void *self) {
    volatile unsigned rounds = 0;
    (void)self;
    for (;;) rounds++;
}
HOSTILE_PLAIN_SCORE
HOSTILE(destroy_loop, .score = score, .destroy = destroy)
