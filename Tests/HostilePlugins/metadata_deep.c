/* metadata_deep.c: answers with metadata of half a million nested arrays, for a parser that calls itself. */
#include "hostile.h"

enum { DEPTH = 500000 };
static char json[2 * DEPTH + 6];

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    evalhost_value value = evalhost_value_of_number(1);
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    memcpy(json, "{\"a\":", 5);
    memset(json + 5, '[', DEPTH);
    memset(json + 5 + DEPTH, ']', DEPTH);
    json[5 + 2 * DEPTH] = '}';
    value.metadata.data = json;
    value.metadata.size = sizeof json;
    return evalhost_put(out, 0, &value);
}
HOSTILE(metadata_deep, .score = score)
