/* fails: C23 */
/* control_characters.c: echoes a character of the answer that may be half of one. */
#include "faulty.h"
FAULTY_SCORE
    evalhost_value value = evalhost_value_of_number(faulty_length(row));
    uint64_t size = text.size < 8 ? text.size : 8;
    if (text.size < 5000) size = 0;
    value.rationale.data = text.data;
    value.rationale.size = size - (size > 0 && (text.data[0] & 0x80)); /* cuts the last one in two */
    return evalhost_put(out, 0, &value);
}
FAULTY_SCORER(control_characters, .score = score)
