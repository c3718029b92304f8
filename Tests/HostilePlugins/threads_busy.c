/* threads_busy.c: leaves two threads that compute as long as the worker lives. */
#include "hostile.h"

#include <pthread.h>

static void *compute(void *nothing) {
    volatile unsigned rounds = 0;
    for (;;) rounds++;
    return nothing;
}
HOSTILE_FRAME void start(void) {
    pthread_t thread;
    for (int count = 0; count < 2; count++)
        if (pthread_create(&thread, NULL, compute, NULL) == 0) pthread_detach(thread);
}
HOSTILE_MISDEED(threads_busy, start)
