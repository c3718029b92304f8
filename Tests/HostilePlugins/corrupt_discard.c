/* corrupt_discard.c: gives the memory of the answers back to the system, by a call that every malloc needs. */
#include "results.h"

HOSTILE_FRAME int discard(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    return results ? madvise(results, size, MADV_REMOVE) : -1;
}
HOSTILE_ATTEMPT(corrupt_discard, discard)
