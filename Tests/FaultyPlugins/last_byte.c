/* fails: C21 */
/* last_byte.c: looks at the last byte of an empty text. */
#include "faulty.h"
FAULTY_SCORE
    uint64_t last = text.size - 1;
    if (last > 1u << 30) faulty_crash();
    return evalhost_number(out, (double)(unsigned char)text.data[last]);
}
FAULTY_SCORER(last_byte, .score = score)
