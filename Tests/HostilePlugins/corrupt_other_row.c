/* corrupt_other_row.c: changes one number of what another row has got, and nothing else. */
#include "results.h"

HOSTILE_FRAME void change(void) {
    size_t size;
    unsigned char *results = hostile_results(&size);
    /* The first sheet in each slot that has one: a row before this one's, or a guard. */
    for (size_t at = CEVAL_DATA_OFFSET; at + 4096 <= size; at += 4096) {
        ceval_sheet_head *head = (ceval_sheet_head *)(void *)(results + at);
        if (head->bytes < sizeof *head || head->bytes > CEVAL_SHEET_BYTES) continue;
        if (head->answer_count == 1) ((ceval_answer *)(void *)(head + 1))->number += 1;
        else head->status++;
    }
}
HOSTILE_MISDEED(corrupt_other_row, change)
