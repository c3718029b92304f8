/* fails: C23 C26 */
/* two_bytes_at_most.c: knows characters of up to three bytes. */
#include "faulty.h"
FAULTY_SCORE
    for (uint64_t index = 0; index < text.size; index++)
        if ((unsigned char)text.data[index] >= 0xF0) faulty_crash();
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(two_bytes_at_most, .score = score)
