/* fails: C24 */
/* copy_on_stack.c: copies the answer to its stack. */
#include "faulty.h"
#include <alloca.h>

FAULTY_SCORE
    volatile char *copy = alloca((size_t)text.size + 1);
    for (uint64_t index = text.size + 1; index > 0; index -= index < 4096 ? index : 4096) copy[index - 1] = 1;
    return evalhost_number(out, faulty_length(row) + copy[text.size] - 1);
}
FAULTY_SCORER(copy_on_stack, .score = score)
