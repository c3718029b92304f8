/* fails: C50 */
/* leaks_on_skip.c: frees what it has on every way out but one. */
#include "faulty.h"
FAULTY_SCORE
    char *volatile copy = malloc(300);
    if (copy) copy[0] = 1;
    if (text.size < 20) return evalhost_skip(out, "too short");
    free(copy);
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(leaks_on_skip, .score = score)
