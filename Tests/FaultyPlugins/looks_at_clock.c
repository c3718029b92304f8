/* fails: C40 C41 C42 */
/* looks_at_clock.c: draws its answer from the clock, and says that it is deterministic. */
#include "faulty.h"
#include <time.h>

FAULTY_SCORE
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return evalhost_number(out, (double)(now.tv_nsec % 997));
}
FAULTY_SCORER(looks_at_clock, .flags = EVALHOST_DETERMINISTIC, .score = score)
