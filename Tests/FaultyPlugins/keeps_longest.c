/* fails: C41 */
/* keeps_longest.c: measures answers by the longest so far, and says that it is deterministic. */
#include "faulty.h"
static uint64_t longest = 1;

FAULTY_SCORE
    if (text.size > longest) longest = text.size;
    return evalhost_number(out, (double)text.size / (double)longest);
}
FAULTY_SCORER(keeps_longest, .flags = EVALHOST_DETERMINISTIC, .score = score)
