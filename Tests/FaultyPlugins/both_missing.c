/* fails: C22 */
/* both_missing.c: copes with either of two fields missing, not with both. */
#include "faulty.h"
FAULTY_SCORE
    uint64_t sizes = row->fields[1].text.size + row->fields[2].text.size;
    if (row->fields[1].kind <= EVALHOST_KIND_NULL && row->fields[2].kind <= EVALHOST_KIND_NULL) faulty_crash();
    return evalhost_number(out, (double)(sizes % 1000));
}
EVALHOST_SCORER(both_missing, FAULTY_HELP, .reads = "outputs, expectations.facts?, expectations.expected_response?",
                .value = EVALHOST_NUMBER(0, 1000), .score = score)
FAULTY_PLUGIN(both_missing)
