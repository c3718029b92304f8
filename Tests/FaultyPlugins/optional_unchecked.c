/* fails: C22 */
/* optional_unchecked.c: takes an optional field for one that is always there. */
#include "faulty.h"
#include <assert.h>

FAULTY_SCORE
    assert(row->fields[1].kind == EVALHOST_KIND_TEXT);
    return evalhost_number(out, faulty_length(row));
}
EVALHOST_SCORER(optional_unchecked, FAULTY_HELP, .reads = "outputs, expectations.expected_response?",
                .value = EVALHOST_NUMBER(0, 1000), .score = score)
FAULTY_PLUGIN(optional_unchecked)
