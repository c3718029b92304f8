/* fails: C41 C42 */
/* orders_by_address.c: answers by an address, and says that it is deterministic. */
#include "faulty.h"
static char place;

FAULTY_SCORE
    return evalhost_number(out, (double)(((uintptr_t)&place >> 12) % 997));
}
FAULTY_SCORER(orders_by_address, .flags = EVALHOST_DETERMINISTIC, .score = score)
