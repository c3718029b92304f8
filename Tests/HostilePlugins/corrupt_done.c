/* corrupt_done.c: says that its worker is done with what it hasn't done, then goes on for ever. */
#include "results.h"

HOSTILE_FRAME void pretend(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    ceval_slot_out *slots = (ceval_slot_out *)(void *)(results + CEVAL_SLOTS_OFFSET);
    uint64_t one = 1;
    volatile unsigned rounds = 0;
    for (uint32_t slot = 0; results && slot < CEVAL_MAX_SLOTS; slot++) {
        slots[slot].done_sequence++;
        slots[slot].rows_done = 256;
        slots[slot].current = 0;
    }
    if (write(HOSTILE_WAKE, &one, sizeof one) < 0) rounds++;
    for (;;) rounds++;
}
HOSTILE_MISDEED(corrupt_done, pretend)
