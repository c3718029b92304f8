/* fails: C52 */
/* destroy_crashes.c: crashes when it is destroyed. */
#include "faulty.h"
static void destroy(void *self) {
    (void)self;
    faulty_crash();
}

FAULTY_PLAIN_SCORE
FAULTY_SCORER(destroy_crashes, .score = score, .destroy = destroy)
