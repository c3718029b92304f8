/* thread_crashes_later.c: leaves a thread that crashes when other rows are being scored. */
#include "hostile.h"

#include <pthread.h>

static void *crash(void *nothing) {
    volatile int *volatile nowhere = NULL;
    hostile_sleep(30);
    *nowhere = 1;
    return nothing;
}
HOSTILE_FRAME void start(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, crash, NULL) == 0) pthread_detach(thread);
}
HOSTILE_SLOW_MISDEED(thread_crashes_later, start)
