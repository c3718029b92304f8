/* fails: C27 */
/* one_span_at_least.c: takes it that something was retrieved. */
#include "faulty.h"
FAULTY_SCORE
    if (row->fields[0].count == 0) faulty_crash();
    return evalhost_number(out, (double)row->fields[0].count);
}
EVALHOST_SCORER(one_span_at_least, FAULTY_HELP, .reads = "spans(RETRIEVER):name,outputs",
                .value = EVALHOST_ANY_NUMBER, .score = score)
FAULTY_PLUGIN(one_span_at_least)
