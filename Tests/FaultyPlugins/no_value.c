/* fails: C20 */
/* no_value.c: says OK, and gives no value. */
#include "faulty.h"
FAULTY_SCORE
    (void)out;
    return EVALHOST_OK;
}
FAULTY_SCORER(no_value, .score = score)
