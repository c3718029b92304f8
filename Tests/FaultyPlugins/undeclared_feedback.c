/* fails: C20 */
/* undeclared_feedback.c: gives a feedback that it doesn't declare. */
#include "faulty.h"
FAULTY_SCORE
    evalhost_number(out, faulty_length(row));
    evalhost_number_at(out, 1, 0.5);
    return EVALHOST_OK;
}
FAULTY_SCORER(undeclared_feedback, .score = score)
