/* destroy_crash.c: crashes when its instance is freed, after all rows have their answers. */
#include "hostile.h"

static void destroy(void *self) {
    volatile int *volatile nowhere = (volatile int *)self;
    *nowhere = 1;
}
HOSTILE_PLAIN_SCORE
HOSTILE(destroy_crash, .score = score, .destroy = destroy)
