/* message_huge.c: an error of a million bytes, none of which is text. */
#include "hostile.h"

static char words[1000000];

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    memset(words, 0xFF, sizeof words);
    out->table->put_message(out, words, sizeof words);
    return EVALHOST_ERROR;
}
HOSTILE(message_huge, .score = score)
