/* fails: C23 C24 */
/* length_of_16_bits.c: counts bytes in 16 bits. */
#include "faulty.h"
FAULTY_SCORE
    uint16_t length = (uint16_t)text.size;
    if (length != text.size) faulty_crash();
    return evalhost_number(out, length % 1000);
}
FAULTY_SCORER(length_of_16_bits, .score = score)
