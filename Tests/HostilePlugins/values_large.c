/* values_large.c: each of its texts has the size that is allowed, all of them together haven't. */
#include "hostile.h"

enum { COUNT = 8 };
static char words[EVALHOST_MAX_TEXT_BYTES];
#define NOTE(name) EVALHOST_FEEDBACK(name, EVALHOST_TEXT)
static const evalhost_feedback feedbacks[COUNT] = {NOTE("a"), NOTE("b"), NOTE("c"), NOTE("d"),
                                                   NOTE("e"), NOTE("f"), NOTE("g"), NOTE("h")};

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of(EVALHOST_KIND_TEXT);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    memset(words, 'w', sizeof words);
    value.text.data = words;
    value.text.size = sizeof words;
    for (uint32_t feedback = 1; feedback <= COUNT; feedback++) evalhost_put(out, feedback, &value);
    return hostile_plain(row, out);
}
HOSTILE(values_large, .score = score, EVALHOST_FEEDBACKS(feedbacks))
