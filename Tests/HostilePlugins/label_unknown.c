/* label_unknown.c: answers, beside its number, with a label that it doesn't declare. */
#include "hostile.h"

static const char *const labels[] = {"good", "bad"};
static const evalhost_feedback feedbacks[] = {EVALHOST_FEEDBACK("grade", EVALHOST_CATEGORY(labels))};

static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    (void)self;
    if (hostile_is_now(row)) evalhost_label_at(out, 1, 2);
    return hostile_plain(row, out);
}
HOSTILE(label_unknown, .score = score, EVALHOST_FEEDBACKS(feedbacks))
