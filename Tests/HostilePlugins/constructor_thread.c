/* constructor_thread.c: leaves a thread that computes for ever as soon as it is loaded. */
#include "hostile.h"

#include <pthread.h>

static void *compute(void *nothing) {
    volatile unsigned rounds = 0;
    for (;;) rounds++;
    return nothing;
}
__attribute__((constructor)) static void load(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, compute, NULL) == 0) pthread_detach(thread);
}
HOSTILE_PLAIN_SCORE
HOSTILE(constructor_thread, .score = score)
