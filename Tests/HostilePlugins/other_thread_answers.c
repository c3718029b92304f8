/* other_thread_answers.c: lets another thread answer, which no thread but the one that was called may do. */
#include "hostile.h"

#include <pthread.h>

static void *answer(void *out) {
    evalhost_number((const evalhost_sink *)out, 999);
    return NULL;
}
static evalhost_status score(void *self, const evalhost_record *row, const evalhost_sink *out) {
    pthread_t thread;
    (void)self;
    if (!hostile_is_now(row)) return hostile_plain(row, out);
    if (pthread_create(&thread, NULL, answer, (void *)(uintptr_t)out) == 0) pthread_join(thread, NULL);
    return EVALHOST_OK;
}
HOSTILE(other_thread_answers, .score = score)
