/* create_rejects_wildly.c: blames a setting that there isn't, in words that are no text and too many. */
#include "hostile.h"

static evalhost_status create(const evalhost_setup *setup, void **self) {
    static char words[1 << 20];
    (void)self;
    memcpy(words, "rejected: ", 10);
    memset(words + 10, 0xFF, sizeof words - 10);
    setup->reject(setup, 12345, words, sizeof words);
    return EVALHOST_ERROR;
}
HOSTILE_PLAIN_SCORE
HOSTILE(create_rejects_wildly, .create = create, .score = score)
