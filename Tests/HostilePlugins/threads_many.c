/* threads_many.c: starts threads until it gets no more; they never end. */
#include "hostile.h"

#include <pthread.h>

static void *stay(void *nothing) {
    for (;;) pause();
    return nothing;
}
HOSTILE_FRAME void start(void) {
    pthread_t thread;
    for (int count = 0; count < 4000; count++)
        if (pthread_create(&thread, NULL, stay, NULL) != 0) break;
}
HOSTILE_MISDEED(threads_many, start)
