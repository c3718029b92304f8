/* fails: C55 */
/* hangs_on_long_texts.c: takes for ever over a long answer. */
#include "faulty.h"
FAULTY_SCORE
    volatile int forever = text.size > 300000;
    while (forever) continue;
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(hangs_on_long_texts, .score = score)
