/* fails: C20 */
/* always_crashes.c: crashes on every row. */
#include "faulty.h"
FAULTY_SCORE
    faulty_crash();
    return evalhost_number(out, 0);
}
FAULTY_SCORER(always_crashes, .score = score)
