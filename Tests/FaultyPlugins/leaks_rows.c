/* fails: C50 */
/* leaks_rows.c: forgets to free a copy of each row. */
#include "faulty.h"
FAULTY_SCORE
    char *volatile copy = malloc(100);
    if (copy) copy[0] = 1;
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(leaks_rows, .score = score)
