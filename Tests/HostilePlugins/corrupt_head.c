/* corrupt_head.c: overwrites the first page of the answers, where the worker says of itself how it is. */
#include "results.h"

HOSTILE_FRAME void overwrite(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    if (results) memset(results, 0xA5, 4096);
}
HOSTILE_MISDEED(corrupt_head, overwrite)
