/* wake_swallowed.c: a thread reads the eventfd by which the worker wakes the host, so that the host never wakes. */
#include "hostile.h"

#include <pthread.h>

static void *swallow(void *nothing) {
    uint64_t count;
    for (int round = 0; round < 100000; round++) {
        if (read(HOSTILE_WAKE, &count, sizeof count) < 0) sched_yield();
    }
    return nothing;
}
HOSTILE_FRAME void start(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, swallow, NULL) == 0) pthread_detach(thread);
}
HOSTILE_SLOW_MISDEED(wake_swallowed, start)
