/* results_punched.c: makes a hole where the answers are. */
#include "hostile.h"

#include <fcntl.h>
#include <linux/falloc.h>

HOSTILE_FRAME int punch(void) {
    return fallocate(HOSTILE_RESULTS, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 1 << 20);
}
HOSTILE_ATTEMPT(results_punched, punch)
