/* corrupt_counters.c: says that its worker has done more rows, in more bytes, than there can be. */
#include "results.h"

HOSTILE_FRAME void overwrite(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    ceval_slot_out *slots = (ceval_slot_out *)(void *)(results + CEVAL_SLOTS_OFFSET);
    if (!results) return;
    for (uint32_t slot = 0; slot < CEVAL_MAX_SLOTS; slot++) {
        slots[slot].rows_done = UINT32_MAX;
        slots[slot].current = UINT32_MAX;
        slots[slot].bytes = UINT64_MAX;
        slots[slot].denied_count = UINT32_MAX;
        slots[slot].ask_bytes = UINT64_MAX;
    }
}
HOSTILE_MISDEED(corrupt_counters, overwrite)
