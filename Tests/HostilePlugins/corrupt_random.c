/* corrupt_random.c: overwrites all that the worker answers with by numbers without a pattern, the same each time. */
#include "results.h"

HOSTILE_FRAME void overwrite(void) {
    uint64_t state = UINT64_C(0x9E3779B97F4A7C15);
    size_t size;
    unsigned char *results = hostile_results(&size);
    for (size_t at = 0; at + 8 <= size; at += 8) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        memcpy(results + at, &state, 8);
    }
}
HOSTILE_MISDEED(corrupt_random, overwrite)
