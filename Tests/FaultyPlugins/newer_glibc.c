/* fails: C04 */
/* options: --glibc 2.17 */
/* newer_glibc.c: uses a function that glibc has had since 2.25. */
#include "faulty.h"
#include <sys/random.h>

FAULTY_SCORE
    if (text.size == 1234567) getrandom(&text, sizeof text, 0);
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(newer_glibc, .score = score)
