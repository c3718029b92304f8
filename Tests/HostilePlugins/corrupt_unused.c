/* corrupt_unused.c: overwrites the last page of the answers, where none stands. */
#include "results.h"

HOSTILE_FRAME void overwrite(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    if (results) memset(results + size - 4096, 0xA5, 4096);
}
HOSTILE_MISDEED(corrupt_unused, overwrite)
