/* fails: C27 */
/* hundred_spans.c: has room for a hundred spans. */
#include "faulty.h"
FAULTY_SCORE
    if (row->fields[0].count > 100) faulty_crash();
    return evalhost_number(out, (double)row->fields[0].count);
}
EVALHOST_SCORER(hundred_spans, FAULTY_HELP, .reads = "spans(*):name", .value = EVALHOST_ANY_NUMBER, .score = score)
FAULTY_PLUGIN(hundred_spans)
