/* corrupt_ones.c: overwrites all that the worker answers with by 0xFF. */
#include "results.h"

HOSTILE_FRAME void overwrite(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    if (results) memset(results, 0xFF, size);
}
HOSTILE_MISDEED(corrupt_ones, overwrite)
