/* fails: C21 */
/* divides_by_length.c: the share of spaces: of nothing, not a number. */
#include "faulty.h"
FAULTY_SCORE
    double spaces = 0;
    for (uint64_t index = 0; index < text.size; index++) spaces += text.data[index] == ' ';
    return evalhost_number(out, spaces / (double)text.size);
}
FAULTY_SCORER(divides_by_length, .score = score)
