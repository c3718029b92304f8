/* late_answer.c: a thread keeps the sink, and answers 999 again and again while other rows are being scored. */
#include "hostile.h"

#include <pthread.h>

static const evalhost_sink *kept;

static void *answer(void *nothing) {
    hostile_sleep(50);
    for (int round = 0; round < 200; round++) {
        evalhost_number(kept, 999);
        evalhost_error(kept, "too late");
        hostile_sleep(1);
    }
    return nothing;
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    pthread_t thread;
    (void)self;
    if (hostile_is_now(row)) {
        kept = out;
        if (pthread_create(&thread, NULL, answer, NULL) == 0) pthread_detach(thread);
    }
    hostile_sleep(1);
    return hostile_plain(row, out);
}
HOSTILE(late_answer, .score = score)
