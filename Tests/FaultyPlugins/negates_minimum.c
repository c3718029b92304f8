/* fails: C25 */
/* negates_minimum.c: gives the absolute value of an integer that has none. */
#include "faulty.h"
FAULTY_SCORE
    int64_t number = row->fields[0].integer;
    return evalhost_integer(out, (int64_t)(number < 0 ? 0 - (uint64_t)number : (uint64_t)number));
}
EVALHOST_SCORER(negates_minimum, FAULTY_HELP, .reads = "expectations.count:integer",
                .value = {.kind = EVALHOST_KIND_INTEGER, .flags = EVALHOST_HAS_MINIMUM, .minimum = 0}, .score = score)
FAULTY_PLUGIN(negates_minimum)
