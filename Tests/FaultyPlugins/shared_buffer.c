/* fails: C60 */
/* shared_buffer.c: says that it is thread-safe, and keeps a sum in a static. */
#include "faulty.h"
static volatile uint64_t sum;

FAULTY_SCORE
    sum = 0;
    for (uint64_t round = 0; round < 2000; round++) sum += text.size;
    return evalhost_number(out, (double)(sum % 1000));
}
FAULTY_SCORER(shared_buffer, .flags = EVALHOST_THREAD_SAFE | EVALHOST_DETERMINISTIC, .score = score)
