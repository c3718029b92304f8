/* destroy_exit.c: ends the process when its instance is freed. */
#include "hostile.h"

static void destroy(void *self) {
    (void)self;
    _exit(9);
}
HOSTILE_PLAIN_SCORE
HOSTILE(destroy_exit, .score = score, .destroy = destroy)
