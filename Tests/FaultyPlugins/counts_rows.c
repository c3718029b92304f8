/* fails: C40 C41 */
/* counts_rows.c: answers how many rows it has seen, and says that it is deterministic. */
#include "faulty.h"
static int rows;

FAULTY_SCORE
    return evalhost_number(out, rows++ % 1000);
}
FAULTY_SCORER(counts_rows, .flags = EVALHOST_DETERMINISTIC, .score = score)
