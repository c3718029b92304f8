/* thread_crashes_now.c: starts a thread that crashes, and waits for it. */
#include "hostile.h"

#include <pthread.h>

HOSTILE_FRAME void write_null(void) {
    volatile int *volatile nowhere = NULL;
    *nowhere = 1;
}
static void *crash(void *nothing) {
    hostile_sleep(5);
    write_null();
    return nothing;
}
HOSTILE_FRAME void start(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, crash, NULL) == 0) pthread_join(thread, NULL);
}
HOSTILE_MISDEED(thread_crashes_now, start)
