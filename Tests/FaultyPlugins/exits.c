/* fails: C20 */
/* exits.c: ends the process where it knows no answer. */
#include "faulty.h"
FAULTY_SCORE
    if (text.size > 20) exit(1);
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(exits, .score = score)
