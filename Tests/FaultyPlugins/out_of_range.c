/* fails: C20 */
/* out_of_range.c: gives values beyond what it declares. */
#include "faulty.h"
FAULTY_SCORE
    return evalhost_number(out, 1001 + faulty_length(row));
}
FAULTY_SCORER(out_of_range, .score = score)
