/* fails: C23 */
/* stops_at_nul.c: copies by the size what it allocated by the first NUL. */
#include "faulty.h"
FAULTY_SCORE
    size_t length = strlen(text.data);
    char *copy = malloc(length + 1);
    if (!copy) return evalhost_error(out, "out of memory");
    if (length < text.size) faulty_crash(); /* where an overflow of the heap would show sooner or later */
    memcpy(copy, text.data, length + 1);
    free(copy);
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(stops_at_nul, .score = score)
