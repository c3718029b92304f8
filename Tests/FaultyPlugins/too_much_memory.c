/* fails: C24 */
/* too_much_memory.c: allocates a table with a kilobyte for each byte of the answer. */
#include "faulty.h"
FAULTY_SCORE
    size_t size = (size_t)text.size * 1024;
    char *table = malloc(size + 1);
    if (!table) faulty_crash(); /* as who doesn't look */
    free(table);
    return evalhost_number(out, faulty_length(row));
}
FAULTY_SCORER(too_much_memory, .score = score)
