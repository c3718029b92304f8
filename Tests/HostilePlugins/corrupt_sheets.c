/* corrupt_sheets.c: overwrites the answers that were given so far, and leaves all that stands before them. */
#include "results.h"

HOSTILE_FRAME void overwrite(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    if (results) memset(results + CEVAL_DATA_OFFSET, 0x5A, size - CEVAL_DATA_OFFSET);
}
HOSTILE_MISDEED(corrupt_sheets, overwrite)
