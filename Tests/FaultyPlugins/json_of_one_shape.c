/* fails: C26 */
/* json_of_one_shape.c: takes every fact for an object or an array. */
#include "faulty.h"
FAULTY_SCORE
    text = row->fields[1].text;
    if (text.data[0] != '{' && text.data[0] != '[') faulty_crash();
    return evalhost_number(out, faulty_length(row));
}
EVALHOST_SCORER(json_of_one_shape, FAULTY_HELP, .reads = "outputs, expectations.facts:json",
                .value = EVALHOST_NUMBER(0, 1000), .score = score)
FAULTY_PLUGIN(json_of_one_shape)
