/* fails: C20 */
/* value_twice.c: gives its value twice. */
#include "faulty.h"
FAULTY_SCORE
    evalhost_number(out, faulty_length(row));
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(value_twice, .score = score)
