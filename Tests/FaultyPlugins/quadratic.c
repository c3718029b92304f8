/* fails: C56 */
/* options: --plugin-timeout 10 */
/* quadratic.c: compares every 40th byte with every other. */
#include "faulty.h"
FAULTY_SCORE
    uint64_t same = 0, step = text.size > 2000000 ? text.size / 64 : 40;
    for (uint64_t left = 0; left < text.size; left += step)
        for (uint64_t right = 0; right < text.size; right += step) same += text.data[left] == text.data[right];
    return evalhost_number(out, (double)(same % 1000));
}
FAULTY_SCORER(quadratic, .score = score)
