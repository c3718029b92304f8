/* corrupt_zeros.c: overwrites all that the worker answers with by zeros. */
#include "results.h"

HOSTILE_FRAME void overwrite(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    if (results) memset(results, 0, size);
}
HOSTILE_MISDEED(corrupt_zeros, overwrite)
